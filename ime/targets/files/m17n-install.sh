#!/bin/sh
# @NAME_EN@ (@ID@ @VERSION@), for ibus-m17n and fcitx5-m17n. For the person who runs it; asks for no rights.
set -eu
cd "$(dirname "$0")"

folder=$HOME/.m17n.d
mkdir -p "$folder/icons"
# Written beside and moved, so that a running input method never reads half a file.
for file in "@STEM@.mim" "icons/@STEM@.png"; do
  cp "$file" "$folder/$file.new"
  mv "$folder/$file.new" "$folder/$file"
done

if command -v ibus >/dev/null 2>&1; then
  ibus write-cache >/dev/null 2>&1 || true
  ibus restart >/dev/null 2>&1 || true
fi
if command -v fcitx5-remote >/dev/null 2>&1; then
  fcitx5-remote -r >/dev/null 2>&1 || true
fi

echo "Đã cài @NAME_VI@. Hãy thêm bộ gõ này trong phần thiết lập bàn phím (m17n)."
echo "Installed @NAME_EN@. Add it in the keyboard settings (m17n)."
if ! command -v ibus >/dev/null 2>&1 && ! command -v fcitx5 >/dev/null 2>&1; then
  echo "Chưa thấy ibus hay fcitx5: hãy cài ibus-m17n hoặc fcitx5-m17n."
  echo "Neither ibus nor fcitx5 was found: install ibus-m17n or fcitx5-m17n."
fi
