# Lists calls in templates whose result is not the same each time or depends on a cluster: `file:line: function`.
# -v allow=" a b " names those that are allowed. Strings and comments inside actions are passed over.

BEGIN {
  split("now ago lookup getHostByName uuidv4 shuffle bcrypt htpasswd encryptAES randAlphaNum randAlpha randAscii randNumeric randBytes randInt " \
    "genPrivateKey genCA genCAWithKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey", list, " ")
  for (i in list) if (!index(allow, " " list[i] " ")) unstable[list[i]] = 1
}

FNR == 1 { state = "text" }

{
  line = $0
  while (line != "") {
    if (state == "text") {
      at = index(line, "{{")
      if (!at) break
      line = substr(line, at + 2)
      state = "action"
    } else if (state == "action") {
      if (match(line, /^[A-Za-z0-9_.$]+/)) {
        word = substr(line, 1, RLENGTH)
        if (word in unstable) { print FILENAME ":" FNR ": " word; found = 1 }
        line = substr(line, RLENGTH + 1)
      } else if (substr(line, 1, 2) == "}}") { line = substr(line, 3); state = "text" }
      else if (substr(line, 1, 2) == "/*") { line = substr(line, 3); state = "comment" }
      else if (substr(line, 1, 1) == "`") { line = substr(line, 2); state = "raw" }
      else if (match(line, /^"([^"\\]|\\.)*"/)) line = substr(line, RLENGTH + 1)
      else line = substr(line, 2)
    } else {
      end = state == "raw" ? "`" : "*/"
      at = index(line, end)
      if (!at) break
      line = substr(line, at + length(end))
      state = "action"
    }
  }
}

END { exit found }
