"""The Measure (安人社职业〔2022〕160号) as plain Python: no Django, nothing from outside the standard library."""
