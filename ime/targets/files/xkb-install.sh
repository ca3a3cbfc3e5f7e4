#!/bin/sh
# Installs the layout @NAME_EN@ (@ID@ @VERSION@).
#
#   sh install.sh               for the person who runs it
#   sudo sh install.sh --system for everybody on this machine (needed for the list of layouts in X11 sessions)
set -eu
cd "$(dirname "$0")"
# shellcheck source=common.sh
. ./common.sh

where=user
case ${1:-} in
  '') ;;
  --system) where=system ;;
  *) echo "install.sh: unknown option $1 (there is --system)" >&2; exit 2 ;;
esac

folder=$(folder_of "$where")
if [ "$where" = system ] && [ ! -w "$folder/symbols" ]; then
  say "Không ghi được vào $folder: hãy chạy bằng sudo."
  say "Cannot write to $folder: run it with sudo."
  exit 1
fi

# --- the layout ---

mkdir -p "$folder/symbols" "$folder/rules"
cp "symbols/$layout" "$folder/symbols/$layout.new"
mv "$folder/symbols/$layout.new" "$folder/symbols/$layout"

# --- its entry in the list of layouts ---

list=$folder/rules/evdev.xml
if [ ! -f "$list" ]; then empty_list >"$list"; fi
if [ "$where" = system ] && [ ! -f "$list.before-$layout" ]; then cp -p "$list" "$list.before-$layout"; fi
remove_entry "$list"
scratch=$(mktemp)
awk '
  /<\/layoutList>/ && !done { while ((getline line < "layout.xml") > 0) print line; done = 1 }
  { print }
' "$list" >"$scratch"
replace "$list" "$scratch"

# --- what dead keys make, and keys that give several characters: always the person's own ---

if [ -f Compose ] && [ "$where" = user ]; then
  mkdir -p "$settings/nhasan"
  cp Compose "$mine.new"
  mv "$mine.new" "$mine"
  # Programs read the first of these that there is.
  for file in "$settings/XCompose" "$HOME/.XCompose"; do
    if [ "$file" = "$settings/XCompose" ] && [ ! -f "$file" ]; then continue; fi
    remove_compose "$file"
    if [ ! -f "$file" ]; then printf '%s\n' "$base_line" >"$file"; fi
    # A last line without an end would swallow ours.
    if [ -n "$(tail -c 1 "$file")" ]; then echo >>"$file"; fi
    printf '# %s begin\ninclude "%s"\n# %s end\n' "$layout" "$(printf %s "$mine" | sed 's/%/%%/g')" "$layout" >>"$file"
  done
fi

if [ "$where" = user ]; then
  mkdir -p "$settings/nhasan"
  cp on-x11.sh "$settings/nhasan/$layout-on-x11.sh"
fi

# --- what to do now ---

say "Đã cài @NAME_VI@ ($layout). Hãy đăng xuất rồi đăng nhập lại, sau đó thêm bố cục này trong thiết lập bàn phím."
say "Installed @NAME_EN@ ($layout). Log out and in again, then add the layout in the keyboard settings."
if [ "$where" = system ] && [ -f Compose ]; then
  say "Mỗi người dùng còn phải chạy một lần: sh install.sh (cho các phím chết và phím ra nhiều ký tự)."
  say "Each user also has to run once: sh install.sh (for dead keys and keys that give several characters)."
fi
if [ "$where" = user ] && [ "${XDG_SESSION_TYPE:-}" = x11 ]; then
  say "Phiên X11 không đọc thư mục riêng: dùng sudo sh install.sh --system, hoặc sh $settings/nhasan/$layout-on-x11.sh"
  say "X11 sessions do not read a person's folder: use sudo sh install.sh --system, or the script named above."
fi
