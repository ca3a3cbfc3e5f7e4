#!/bin/sh
# Switches this X11 session to @NAME_EN@ (@LAYOUT@) without installing anything in the system, until the session ends.
# With a second layout as argument (for instance: us), the Super and Space keys switch between the two.
set -eu

layouts="@LAYOUT@${1:+,$1}"
folder=${XDG_CONFIG_HOME:-$HOME/.config}/xkb
if [ ! -f "$folder/symbols/@LAYOUT@" ]; then folder=$(cd "$(dirname "$0")" && pwd); fi
for tool in setxkbmap xkbcomp; do
  command -v "$tool" >/dev/null || { echo "$tool: apt install x11-xkb-utils" >&2; exit 1; }
done

setxkbmap -I"$folder" -model pc105 -layout "$layouts" -option grp:win_space_toggle -print |
  xkbcomp -w0 -I"$folder" - "$DISPLAY"
