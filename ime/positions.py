"""The places of a keyboard's keys, and what every platform calls them.

Places are named by W3C UI Events `code` values. ISO/IEC 9995-1 gives the grid (row A at the space bar, E at the
digits). Scan codes are those of the CLDR keyboard3 forms "us" and "iso" (PC set 1, UTS #35 part 7), XKB names those of
xkeyboard-config's keycodes/evdev, virtual keys those of Windows, which Keyman shares, and macOS key codes those of
Carbon's HIToolbox/Events.h.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Position:
    """One place: its names on each platform and what a US keyboard prints there."""

    code: str  # W3C UI Events
    iso: str  # ISO/IEC 9995-1 grid
    scan_code: int  # PC set 1
    xkb: str
    virtual_key: int  # Windows and Keyman
    keyman: str  # K_ name
    mac: int
    us: str
    us_shift: str


_TABLE: Final = """
Backquote    E00 29 TLDE C0 K_BKQUOTE  32 ` ~
Digit1       E01 02 AE01 31 K_1        12 1 !
Digit2       E02 03 AE02 32 K_2        13 2 @
Digit3       E03 04 AE03 33 K_3        14 3 #
Digit4       E04 05 AE04 34 K_4        15 4 $
Digit5       E05 06 AE05 35 K_5        17 5 %
Digit6       E06 07 AE06 36 K_6        16 6 ^
Digit7       E07 08 AE07 37 K_7        1A 7 &
Digit8       E08 09 AE08 38 K_8        1C 8 *
Digit9       E09 0A AE09 39 K_9        19 9 (
Digit0       E10 0B AE10 30 K_0        1D 0 )
Minus        E11 0C AE11 BD K_HYPHEN   1B - _
Equal        E12 0D AE12 BB K_EQUAL    18 = +
KeyQ         D01 10 AD01 51 K_Q        0C q Q
KeyW         D02 11 AD02 57 K_W        0D w W
KeyE         D03 12 AD03 45 K_E        0E e E
KeyR         D04 13 AD04 52 K_R        0F r R
KeyT         D05 14 AD05 54 K_T        11 t T
KeyY         D06 15 AD06 59 K_Y        10 y Y
KeyU         D07 16 AD07 55 K_U        20 u U
KeyI         D08 17 AD08 49 K_I        22 i I
KeyO         D09 18 AD09 4F K_O        1F o O
KeyP         D10 19 AD10 50 K_P        23 p P
BracketLeft  D11 1A AD11 DB K_LBRKT    21 [ {
BracketRight D12 1B AD12 DD K_RBRKT    1E ] }
Backslash    D13 2B BKSL DC K_BKSLASH  2A \\ |
KeyA         C01 1E AC01 41 K_A        00 a A
KeyS         C02 1F AC02 53 K_S        01 s S
KeyD         C03 20 AC03 44 K_D        02 d D
KeyF         C04 21 AC04 46 K_F        03 f F
KeyG         C05 22 AC05 47 K_G        05 g G
KeyH         C06 23 AC06 48 K_H        04 h H
KeyJ         C07 24 AC07 4A K_J        26 j J
KeyK         C08 25 AC08 4B K_K        28 k K
KeyL         C09 26 AC09 4C K_L        25 l L
Semicolon    C10 27 AC10 BA K_COLON    29 ; :
Quote        C11 28 AC11 DE K_QUOTE    27 ' "
IntlBackslash B00 56 LSGT E2 K_oE2     0A < >
KeyZ         B01 2C AB01 5A K_Z        06 z Z
KeyX         B02 2D AB02 58 K_X        07 x X
KeyC         B03 2E AB03 43 K_C        08 c C
KeyV         B04 2F AB04 56 K_V        09 v V
KeyB         B05 30 AB05 42 K_B        0B b B
KeyN         B06 31 AB06 4E K_N        2D n N
KeyM         B07 32 AB07 4D K_M        2E m M
Comma        B08 33 AB08 BC K_COMMA    2B , <
Period       B09 34 AB09 BE K_PERIOD   2F . >
Slash        B10 35 AB10 BF K_SLASH    2C / ?
Space        A03 39 SPCE 20 K_SPACE    31 SPACE SPACE
"""


def _position(line: str) -> Position:
    code, iso, scan, xkb, virtual_key, keyman, mac, us, us_shift = line.split()
    space = {"SPACE": " "}
    return Position(
        code=code,
        iso=iso,
        scan_code=int(scan, 16),
        xkb=xkb,
        virtual_key=int(virtual_key, 16),
        keyman=keyman,
        mac=int(mac, 16),
        us=space.get(us, us),
        us_shift=space.get(us_shift, us_shift),
    )


POSITIONS: Final[Mapping[str, Position]] = MappingProxyType(
    {position.code: position for position in map(_position, _TABLE.strip().splitlines())}
)
ROWS: Final[tuple[tuple[str, ...], ...]] = tuple(
    tuple(position.code for position in POSITIONS.values() if position.iso[0] == row) for row in "EDCB"
)  # E row (digits) first; the B row begins with the key that only ISO keyboards have
SPACE: Final = "Space"
ISO_ONLY: Final = "IntlBackslash"
