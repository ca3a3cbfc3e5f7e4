"""Where people type, which packages serve them there, and in three steps how to install, switch on and remove one.

What stands here is about operating systems, not about languages. Texts are English msgids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from django.utils.translation import gettext_noop as _

PictureName = Literal["download", "open", "confirm", "settings", "choose", "type"]


@dataclass(frozen=True)
class Step:
    """One step: a picture (a template in ime/pictures) and what to do."""

    picture: PictureName
    text: str


@dataclass(frozen=True)
class Guide:
    """How a package is used on a platform: the program it needs (name and address), steps, removal, warnings."""

    steps: tuple[Step, Step, Step]
    removal: str
    program: str = ""
    program_url: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Platform:
    """An operating system. `targets` in the order of preference; the first that a keyboard has is shown first."""

    id: str
    title: str
    targets: tuple[str, ...]
    other_programs: bool = False  # Vietnamese typing programs usually run there


PLATFORMS: Final = (
    Platform("android", "Android", ("keyman",)),
    Platform("ios", "iPhone, iPad", ("keyman",)),
    Platform("windows", "Windows", ("windows", "keyman"), other_programs=True),
    Platform("macos", "macOS", ("macos", "keyman"), other_programs=True),
    Platform("linux", "Linux", ("xkb", "m17n", "keyman")),
)
# What is not a keyboard to install: for phones, office programs, developers.
EXTRAS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "model": _("Word suggestions for Keyman on Android and iOS: open this file on the phone, too."),
        "hunspell": _("Spelling: open the .oxt file in LibreOffice, or the .xpi file in Firefox."),
        "web": _("For web pages: the same keyboard as JSON."),
        "ldml": _("For developers: the layout as a CLDR keyboard (LDML)."),
    }
)

_KEYMAN: Final = "Keyman"
_SWITCH_WINDOWS = _("Press the Windows key and the space bar to choose the keyboard, then type.")

GUIDES: Final[Mapping[tuple[str, str], Guide]] = MappingProxyType(
    {
        ("android", "keyman"): Guide(
            (
                Step(
                    "download", _("Install the free app Keyman, then download the package here on the phone.")
                ),
                Step("open", _("Open the downloaded file (.kmp) with Keyman and tap Install.")),
                Step(
                    "choose",
                    _(
                        "In Keyman tap “Enable Keyman as system-wide keyboard”; while typing, the keyboard "
                        "sign at the bottom changes keyboards."
                    ),
                ),
            ),
            _("Keyman → Settings → Installed languages → the language → the keyboard → Uninstall."),
            _KEYMAN,
            "https://keyman.com/android/",
        ),
        ("ios", "keyman"): Guide(
            (
                Step(
                    "download",
                    _(
                        "Install the free app Keyman from the App Store, then download the package here on "
                        "the device."
                    ),
                ),
                Step("open", _("Open the file (.kmp) in Files, share it to Keyman and tap Install.")),
                Step(
                    "choose",
                    _(
                        "Settings → General → Keyboard → Keyboards → Add: choose Keyman. While typing, the "
                        "globe key changes keyboards."
                    ),
                ),
            ),
            _("Keyman → Settings → Installed languages → the language → the keyboard → Delete."),
            _KEYMAN,
            "https://keyman.com/iphone-and-ipad/",
        ),
        ("windows", "keyman"): Guide(
            (
                Step(
                    "download", _("Install the free program Keyman for Windows, then download the package.")
                ),
                Step("open", _("Double-click the file (.kmp) and choose Install.")),
                Step("choose", _SWITCH_WINDOWS),
            ),
            _("Keyman → Configuration → Keyboard layouts → the red cross beside the keyboard."),
            _KEYMAN,
            "https://keyman.com/windows/",
        ),
        ("windows", "windows"): Guide(
            (
                Step("download", _("Download the package and unpack it (right-click → Extract all).")),
                Step(
                    "confirm",
                    _(
                        "Open the program in it that is named after the keyboard (the one with “32bit” on "
                        "32-bit Windows), agree to its changes, then sign out of Windows and in again."
                    ),
                ),
                Step("choose", _SWITCH_WINDOWS),
            ),
            _("Settings → Apps → the keyboard → Uninstall, then sign out and in again."),
            warning=_(
                "Windows may show “Windows protected your PC” (SmartScreen), because the installer is"
                " not signed with a bought certificate. Compare the checksum below; if it agrees, "
                "choose “More info” → “Run anyway”. Where Smart App Control is on, in S mode, on ARM "
                "processors, or if you may not install on this computer, take the Keyman package or "
                "the typing pad."
            ),
        ),
        ("macos", "keyman"): Guide(
            (
                Step("download", _("Install the free program Keyman for macOS, then download the package.")),
                Step("open", _("Keyman menu → Configuration → drag the file (.kmp) into the window.")),
                Step(
                    "choose",
                    _("Choose Keyman, then the keyboard, in the input menu at the top right of the screen."),
                ),
            ),
            _("Keyman menu → Configuration → the minus sign beside the keyboard."),
            _KEYMAN,
            "https://keyman.com/mac/",
        ),
        ("macos", "macos"): Guide(
            (
                Step("download", _("Download the package and unpack it (double-click).")),
                Step(
                    "settings",
                    _(
                        "In Finder choose Go → Go to Folder…, type ~/Library/Keyboard Layouts, copy the .bundle "
                        "there, log out and in again."
                    ),
                ),
                Step(
                    "choose",
                    _(
                        "System Settings → Keyboard → Input Sources → + → Others: choose the keyboard; switch "
                        "with the globe key."
                    ),
                ),
            ),
            _("Take it out of the input sources, delete the .bundle, log out and in again."),
            warning=_(
                "On a Mac, AltGr is the Option key. The package holds a table and no program. It could not be "
                "tried on a real Mac."
            ),
        ),
        ("linux", "xkb"): Guide(
            (
                Step("download", _("Download the package and unpack it.")),
                Step(
                    "open",
                    _(
                        "In a terminal in that folder run: sh install.sh (it says what it changes), "
                        "then log out and in again."
                    ),
                ),
                Step(
                    "choose",
                    _(
                        "Add the layout in the keyboard settings of your desktop and switch with Super and "
                        "the space bar."
                    ),
                ),
            ),
            _("In the same folder run: sh uninstall.sh, then log out and in again."),
        ),
        ("linux", "m17n"): Guide(
            (
                Step(
                    "download",
                    _(
                        "Install ibus-m17n (or fcitx5-m17n) with your package manager, download the package "
                        "and unpack it."
                    ),
                ),
                Step(
                    "open",
                    _("In a terminal in that folder run: sh install.sh, then restart IBus (ibus restart)."),
                ),
                Step(
                    "choose",
                    _(
                        "Add the input method in the keyboard settings of your desktop and switch with Super "
                        "and the space bar."
                    ),
                ),
            ),
            _("In the same folder run: sh uninstall.sh, then restart IBus."),
        ),
        ("linux", "keyman"): Guide(
            (
                Step("download", _("Install keyman with your package manager and download the package.")),
                Step(
                    "open",
                    _("Open the file (.kmp) with Keyman Configuration, or run: km-package-install -f FILE"),
                ),
                Step(
                    "choose", _("Choose the keyboard in the input menu; switch with Super and the space bar.")
                ),
            ),
            _("Keyman Configuration → the keyboard → Uninstall, or: km-package-uninstall."),
            _KEYMAN,
            "https://keyman.com/linux/",
        ),
    }
)
