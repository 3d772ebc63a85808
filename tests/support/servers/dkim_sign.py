"""Signs a mail with dkimpy, an implementation that has nothing in common with the one under test.

new rsa|ed25519 FILE           makes a key, prints the value of its DNS record
sign FILE SELECTOR DOMAIN ALGORITHM HEADERS whole|length     mail on stdin, signed mail on stdout
"""
import base64, subprocess, sys
import dkim

if sys.argv[1] == "new":
    kind, file = sys.argv[2:]
    if kind == "rsa":
        subprocess.run(["openssl", "genrsa", "-traditional", "-out", file, "2048"], check=True, stderr=subprocess.DEVNULL)
        public = subprocess.run(["openssl", "rsa", "-in", file, "-pubout", "-outform", "DER"],
                                check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    else:
        import nacl.signing
        key = nacl.signing.SigningKey.generate()
        with open(file, "wb") as out:
            out.write(base64.b64encode(key.encode()))
        public = key.verify_key.encode()
    print(f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}")
else:
    file, selector, domain, algorithm, headers, extent = sys.argv[2:]
    mail = sys.stdin.buffer.read()
    key = open(file, "rb").read()
    signature = dkim.sign(mail, selector.encode(), domain.encode(), key, signature_algorithm=algorithm.encode(),
                          canonicalize=(b"relaxed", b"relaxed"), length=extent == "length",
                          include_headers=[name.encode() for name in headers.split(",")])
    sys.stdout.buffer.write(signature + mail)
