# Puts the documents of `helm template` in an order that depends on the resources alone, and drops those without content.
# -v form=sorted|split -v out=PATH: one file, or a folder with a file for each resource.
#
# helm ends a document at each line that begins with ---, so these lines are exact. In a block mapping what stands at the first column is a
# key, and what stands at the indent of metadata's first key is a key of metadata; that is all that is read here. A document in another
# style is refused, never guessed at.

function refuse(message) {
  if (failed) return
  failed = 1
  printf "%s, document %d: %s\n", (source == "" ? "(no source)" : source), number, message > "/dev/stderr"
}

# A scalar on one line, without quotes and comment.
function scalar(text, quote) {
  sub(/^[ \t]+/, "", text)
  quote = substr(text, 1, 1)
  if (quote == "\"" || quote == "'") {
    text = substr(text, 2)
    if (!index(text, quote)) { refuse("a quoted name that ends on another line; write it on one"); return "" }
    return substr(text, 1, index(text, quote) - 1)
  }
  sub(/[ \t]+#.*$/, "", text)
  sub(/[ \t]+$/, "", text)
  if (text ~ /^[&*!|>{\[]/) refuse("\"" text "\" where a plain name was expected (kind, apiVersion, metadata.name, metadata.namespace)")
  return text
}

function key_of(line) {
  sub(/[ \t]*:.*$/, "", line)
  gsub(/^["']|["']$/, "", line)
  return line
}

function value_of(line) {
  sub(/^[^:]*:/, "", line)
  return line
}

function begin_document() {
  number++
  first = total + 1; keep = 0; content = 0; kind = ""; api = ""; name = ""; namespace = ""; in_metadata = 0; indent = -1
}

function end_document(    group, rank, id) {
  if (!content) return
  last = total
  if (!keep) while (lines[last] == "") last--
  if (kind == "") { refuse("no kind; expected a Kubernetes resource in block style (`kind: ...` at the start of a line)"); return }
  if (name == "" && kind !~ /List$/) { refuse(kind " has no metadata.name"); return }
  group = index(api, "/") ? substr(api, 1, index(api, "/") - 1) : ""
  rank = kind == "CustomResourceDefinition" ? 0 : kind == "Namespace" ? 1 : 2
  id = kind "\t" namespace "\t" name "\t" group
  if (name != "" && id in seen) {
    refuse("there is already a " kind " " (namespace == "" ? "" : namespace "/") name ", from " seen[id])
    return
  }
  seen[id] = source
  count++
  order[count] = rank "\t" id "\t" sprintf("%06d", count)
  sources[order[count]] = source
  firsts[order[count]] = first
  lasts[order[count]] = last
  files[order[count]] = file_name(kind, namespace, name == "" ? count : name)
  groups[order[count]] = group
}

function file_name(kind, namespace, name,    file) {
  file = (namespace == "" ? "" : namespace ".") tolower(kind) "-" name
  gsub(/[^A-Za-z0-9._-]/, "_", file)
  return file
}

# Shell sort: awk has no sort of its own.
function arrange(    gap, i, j, moved) {
  for (gap = int(count / 2); gap > 0; gap = int(gap / 2))
    for (i = gap + 1; i <= count; i++) {
      moved = order[i]
      for (j = i; j > gap && order[j - gap] > moved; j -= gap) order[j] = order[j - gap]
      order[j] = moved
    }
}

BEGIN { begin_document() }

{ sub(/\r$/, "") }

/^---/ {
  end_document()
  begin_document()
  rest = $0
  sub(/^---[ \t]*/, "", rest)
  if (rest == "" || rest ~ /^#/) next
  $0 = rest
}

/^# Source: / && !content { source = substr($0, 11); next }

{ lines[++total] = $0 }

# A block scalar whose last empty lines count.
/[|>][1-9]?\+[1-9]?[ \t]*(#.*)?$/ { keep = 1 }

/^[ \t]*(#.*)?$/ || /^%/ || /^\.\.\.[ \t]*$/ { next }

{ content = 1 }

/^[^ \t#]/ {
  if ($0 ~ /^[{\[]/) refuse("a document in flow style (it begins with " substr($0, 1, 1) "); write it in block style, or take order = \"helm\"")
  in_metadata = 0
  key = key_of($0)
  if (key == "kind") kind = scalar(value_of($0))
  if (key == "apiVersion") api = scalar(value_of($0))
  if (key == "metadata") {
    in_metadata = 1
    if (scalar_is_inline(value_of($0))) refuse("metadata is not a block; expected its keys on lines of their own")
  }
  next
}

function scalar_is_inline(value) {
  sub(/^[ \t]+/, "", value)
  sub(/^&[^ \t]+/, "", value)
  sub(/#.*$/, "", value)
  return value !~ /^[ \t]*$/
}

in_metadata {
  match($0, /^ +/)
  if (indent < 0) indent = RLENGTH
  if (RLENGTH != indent) next
  key = key_of(substr($0, indent + 1))
  if (key == "name") name = scalar(value_of($0))
  if (key == "generateName" && name == "") name = scalar(value_of($0))
  if (key == "namespace") namespace = scalar(value_of($0))
}

function write_to(file, id,    i) {
  if (sources[id] != "") print "# Source: " sources[id] > file
  for (i = firsts[id]; i <= lasts[id]; i++) print lines[i] > file
}

END {
  end_document()
  if (failed) exit 1
  arrange()
  if (form == "sorted") {
    printf "" > out
    for (i = 1; i <= count; i++) {
      print "---" > out
      write_to(out, order[i])
    }
    exit
  }
  for (i = 1; i <= count; i++) {
    file = files[order[i]]
    if (file in taken) file = file "." groups[order[i]]
    if (file in taken) { source = taken[file]; refuse("two resources would be written to " file ".yaml"); exit 1 }
    taken[file] = 1
    write_to(out "/" file ".yaml", order[i])
    close(out "/" file ".yaml")
  }
}
