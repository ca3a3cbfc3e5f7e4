#!/bin/sh
# Removes the layout @NAME_EN@ (@ID@) again: `sh uninstall.sh`, and `sudo sh uninstall.sh --system` for the system's.
set -eu
cd "$(dirname "$0")"
# shellcheck source=common.sh
. ./common.sh

where=user
case ${1:-} in
  '') ;;
  --system) where=system ;;
  *) echo "uninstall.sh: unknown option $1 (there is --system)" >&2; exit 2 ;;
esac

folder=$(folder_of "$where")
list=$folder/rules/evdev.xml
if [ "$where" = system ] && [ ! -w "$folder/symbols" ]; then
  say "Không ghi được vào $folder: hãy chạy bằng sudo."
  say "Cannot write to $folder: run it with sudo."
  exit 1
fi
rm -f "$folder/symbols/$layout"
remove_entry "$list"

if [ "$where" = system ]; then
  rm -f "$list.before-$layout"
else
  if [ -f "$list" ] && [ "$(cat "$list")" = "$(empty_list)" ]; then rm -f "$list"; fi
  remove_compose "$settings/XCompose"
  remove_compose "$HOME/.XCompose"
  rm -f "$mine" "$settings/nhasan/$layout-on-x11.sh"
  rmdir "$folder/symbols" "$folder/rules" "$folder" "$settings/nhasan" 2>/dev/null || true
fi

say "Đã gỡ @NAME_VI@ ($layout). Hãy bỏ bố cục khỏi thiết lập bàn phím, rồi đăng xuất và đăng nhập lại."
say "Removed @NAME_EN@ ($layout). Take the layout out of the keyboard settings, then log out and in again."
