# ruleid: unquoted-removal
rm -rf $work
# ruleid: unquoted-removal
rm -r -f -- out/$name
# ruleid: unquoted-removal
rm -fr ${cache}/part
# ruleid: unquoted-removal
rm -rf "$folder/"*
# ruleid: unquoted-removal
rm -rf "$folder"/*
# ok: unquoted-removal
rm -rf "$work"
# ok: unquoted-removal
rm -rf -- "${folder:?}/"*
# ok: unquoted-removal
rm -f $list
# ok: unquoted-removal
rm -rf "$cache/part"
# ok: unquoted-removal
trap 'rm -rf "$work"' EXIT
# ok: unquoted-removal
rm -rf out testdata
