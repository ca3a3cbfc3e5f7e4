# shellcheck shell=sh
# shellcheck disable=SC2034 # used by the scripts that read this
# What install.sh and uninstall.sh of @LAYOUT@ share.

layout="@LAYOUT@"
settings=${XDG_CONFIG_HOME:-$HOME/.config}
mine=$settings/nhasan/Compose-@ID@
base_line='include "%L" # nhasan'

say() { printf '%s\n' "$*"; }

# Where layouts live: a person's own folder (libxkbcommon 1.0 and newer), or the system's.
folder_of() {
  if [ "$1" = system ]; then echo "${XKB_CONFIG_ROOT:-/usr/share/X11/xkb}"; else echo "$settings/xkb"; fi
}

# Put new text into a file that is there: written beside, then moved, with the rights of the file before.
replace() {
  target=$(readlink -f "$1")
  cp -p "$target" "$target.nhasan-new"
  cat "$2" >"$target.nhasan-new"
  mv "$target.nhasan-new" "$target"
  rm -f "$2"
}

# Print a file without the lines from one to another, both included.
without() {
  awk -v begin="$2" -v end="$3" '
    index($0, begin) { skip = 1 }
    !skip { print }
    index($0, end) { skip = 0 }
  ' "$1"
}

remove_entry() {
  list=$1
  if [ -f "$list" ] && grep -q "<!-- $layout begin -->" "$list"; then
    scratch=$(mktemp)
    without "$list" "<!-- $layout begin -->" "<!-- $layout end -->" >"$scratch"
    replace "$list" "$scratch"
  fi
}

empty_list() {
  cat <<'LIST'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xkbConfigRegistry SYSTEM "xkb.dtd">
<xkbConfigRegistry version="1.1">
  <layoutList>
  </layoutList>
</xkbConfigRegistry>
LIST
}

remove_compose() {
  file=$1
  if [ -f "$file" ] && grep -q "^# $layout begin" "$file"; then
    scratch=$(mktemp)
    without "$file" "# $layout begin" "# $layout end" >"$scratch"
    replace "$file" "$scratch"
    # What is left is the line that the installer began the file with: then the file was not there before.
    if [ "$(cat "$file")" = "$base_line" ]; then rm -f "$file"; fi
  fi
}
