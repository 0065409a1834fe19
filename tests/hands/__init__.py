"""Three ways in which a person works a page: by mouse, by keyboard alone, by thumb on a phone.

A journey is written once, in what a person means ("press 提交申请", "write 联系电话"), and walked by each hand. A
control is found by what it is called: a name is how the control's own name begins, a pattern stands as it is.
"""

from tests.hands.hand import WIDE, Hand
from tests.hands.keyboard import Keyboard
from tests.hands.pointers import Mouse, Phone

HANDS = (Mouse, Keyboard, Phone)

__all__ = ["HANDS", "WIDE", "Hand", "Keyboard", "Mouse", "Phone"]
