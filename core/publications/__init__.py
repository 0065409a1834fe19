"""What is published, from when, until when, withdrawn when; only listed fields leave."""
