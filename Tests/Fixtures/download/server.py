"""A web server that misbehaves on purpose: python3 server.py FILE, prints its port and serves the file.

/whole/…      as it should be, with ranges           /slow/…     a little now and then, in all
/truncated/…  at most 40,000 bytes a connection      /truncated-once/…  that once, then nothing more of it
/corrupt/…    a byte changed                         /long/…     a byte too many
/short/…      a byte less, as if that were all       /stalled/…  the beginning, then nothing for ever
/no-ranges/…  always from the start                  /moved/…    redirects to /whole/…
/elsewhere/…  redirects to a file of this machine    all else: 404
/log          what was asked for so far: method, path, range
"""
import http.server
import sys
import threading
import time

contents = open(sys.argv[1], "rb").read()
log = []


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        if self.path == "/log":
            text = "\n".join(log).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
            return
        asked = self.headers.get("Range")
        log.append(f"{self.path} {asked or 'all'}")
        kind = self.path.split("/")[1]
        body = {
            "corrupt": contents[:1000] + bytes([contents[1000] ^ 1]) + contents[1001:],
            "long": contents + b"x", "short": contents[:-1],
        }.get(kind, contents)
        if kind in ("moved", "elsewhere"):
            self.send_response(302)
            target = "/whole/file" if kind == "moved" else "file://" + sys.argv[1]
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if kind not in ("whole", "slow", "truncated", "truncated-once", "corrupt", "long", "short", "stalled",
                        "no-ranges"):
            self.send_error(404)
            return
        start = 0
        if asked and kind != "no-ranges":
            start = int(asked.removeprefix("bytes=").split("-")[0])
            if start >= len(body):
                self.send_error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        part = body[start:]
        if kind == "truncated":
            part = part[:40_000]
        if kind == "truncated-once":
            part = b"" if start else part[:40_000]
        if kind == "stalled":
            part = part[:1000]
        if kind == "slow":
            for place in range(0, len(part), 20_000):
                self.wfile.write(part[place:place + 20_000])
                self.wfile.flush()
                time.sleep(0.15)
        else:
            self.wfile.write(part)
        if kind == "stalled":
            self.wfile.flush()
            time.sleep(60)
        self.close_connection = True


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
# Ends with its parent.
threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
server.serve_forever()
