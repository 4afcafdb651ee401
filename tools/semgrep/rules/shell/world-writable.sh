# ruleid: world-writable
chmod 777 "$folder"
# ruleid: world-writable
chmod -R a+rwx "$folder"
# ruleid: world-writable
chmod 0666 "$file"
# ok: world-writable
chmod 755 "$folder"
# ok: world-writable
chmod -R u+w "$folder"
# ok: world-writable
chmod +x "$file"
