#!/bin/sh
# Removes @NAME_EN@ (@ID@) again; what other keyboards have put beside it stays.
set -eu

folder=$HOME/.m17n.d
rm -f "$folder/@STEM@.mim" "$folder/icons/@STEM@.png"
rmdir "$folder/icons" "$folder" 2>/dev/null || true

if command -v ibus >/dev/null 2>&1; then
  ibus write-cache >/dev/null 2>&1 || true
  ibus restart >/dev/null 2>&1 || true
fi
if command -v fcitx5-remote >/dev/null 2>&1; then
  fcitx5-remote -r >/dev/null 2>&1 || true
fi

echo "Đã gỡ @NAME_VI@. Removed @NAME_EN@."
