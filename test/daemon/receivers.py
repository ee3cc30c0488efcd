"""Servers on loopback that alerts are sent to: a broker and its subscriber, a mail server, a trap daemon."""
import base64
import os
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time

from daemon import free_port, until


def certificate(folder):
    """A CA of our own and a certificate for localhost: paths of ca, cert, key."""
    run = lambda *words: subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test ca")
    run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=localhost")
    with open(f"{folder}/names", "w", encoding="utf-8") as names:
        names.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    run("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-out", "cert.pem", "-extfile", "names")
    os.chmod(f"{folder}/key.pem", 0o644)
    return f"{folder}/ca.pem", f"{folder}/cert.pem", f"{folder}/key.pem"


class Mosquitto:
    """A broker with a plain port that wants a password and a TLS port that does not."""

    def __init__(self, folder, tls):
        self.port, self.tls_port, self.folder = free_port(), free_port(), folder
        ca, cert, key = tls
        passwords = f"{folder}/passwords"
        subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "me", "secret"], check=True, capture_output=True)
        os.chmod(passwords, 0o644)
        with open(f"{folder}/mosquitto.conf", "w", encoding="utf-8") as config:
            config.write(f"{'user root' if os.getuid() == 0 else ''}\nper_listener_settings true\nlistener {self.port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
                         f"listener {self.tls_port} 127.0.0.1\nallow_anonymous true\ncafile {ca}\ncertfile {cert}\nkeyfile {key}\n")
        self.process = None

    def start(self):
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self.process = subprocess.Popen([program, "-c", f"{self.folder}/mosquitto.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for port in (self.port, self.tls_port):
            if not until(lambda: answers(port)):
                raise RuntimeError("mosquitto does not start")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)
        self.process = None


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Subscriber:
    """Reads what a broker sends for every topic: (topic, text)."""

    def __init__(self, port, user="", password="", tls=None):
        self.got = []
        raw = socket.create_connection(("127.0.0.1", port))
        self.socket = ssl.create_default_context(cafile=tls).wrap_socket(raw, server_hostname="localhost") if tls else raw
        text = lambda value: struct.pack(">H", len(value)) + value.encode()
        login = 0xC0 if user else 0
        body = text("MQTT") + bytes([4, 2 | login, 0, 60]) + text(f"reader{port}") + (text(user) + text(password) if user else b"")
        self.socket.sendall(bytes([0x10, len(body)]) + body)
        self.packet()
        topics = struct.pack(">H", 1) + text("#") + b"\0"
        self.socket.sendall(bytes([0x82, len(topics)]) + topics)
        self.packet()
        threading.Thread(target=self.read, daemon=True).start()

    def exactly(self, size):
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise OSError("closed")
            data += part
        return data

    def packet(self):
        first, length, shift = self.exactly(1)[0], 0, 0
        while True:
            byte = self.exactly(1)[0]
            length, shift = length | (byte & 0x7F) << shift, shift + 7
            if not byte & 0x80:
                return first, self.exactly(length)

    def read(self):
        try:
            while True:
                first, body = self.packet()
                if first >> 4 == 3:
                    size = struct.unpack(">H", body[:2])[0]
                    self.got.append((body[2:2 + size].decode(), body[2 + size:].decode()))
        except OSError:
            pass

    def close(self):
        self.socket.close()


class MailServer:
    """Notes messages: (encrypted, login, sender, recipients, text). STARTTLS is offered, a login only behind it."""

    def __init__(self, tls):
        self.got, self.connections = [], 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(tls[1], tls[2])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        try:
            self.talk(peer)
        except (OSError, ValueError):
            pass
        peer.close()

    def talk(self, peer):
        say = lambda text: peer.sendall(text.encode() + b"\r\n")
        lines, encrypted, login, sender, to = peer.makefile("rb"), False, None, "", []
        say("220 test ESMTP")
        while line := lines.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == "EHLO":
                say("250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME" if encrypted else "250-test\r\n250 STARTTLS")
            elif word == "STARTTLS":
                say("220 go on")
                peer = self.context.wrap_socket(peer, server_side=True)
                lines, encrypted = peer.makefile("rb"), True
            elif word == "AUTH":
                words = line.split(" ")
                if len(words) < 3:
                    say("334 ")
                    words.append(lines.readline().decode().strip())
                login = base64.b64decode(words[2]).decode().split("\0")[1:]
                say("235 ok")
            elif word == "MAIL":
                sender, to = line[line.index("<") + 1:line.index(">")], []
                say("250 ok")
            elif word == "RCPT":
                to.append(line[line.index("<") + 1:line.index(">")])
                say("250 ok")
            elif word == "DATA":
                say("354 go on")
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += lines.readline()
                self.got.append((encrypted, login, sender, to, text[:-5].decode()))
                say("250 queued")
            elif word == "QUIT":
                return say("221 bye")
            else:
                say("250 ok")

    def close(self):
        self.listener.close()


class TrapDaemon:
    """snmptrapd, which prints one line a trap into `lines()`."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        with open(f"{folder}/snmptrapd.conf", "w", encoding="utf-8") as config:
            config.write("disableAuthorization yes\nformat2 %v\\n\n")
        self.log = f"{folder}/traps"
        program = shutil.which("snmptrapd") or "/usr/sbin/snmptrapd"
        self.process = subprocess.Popen([program, "-f", "-n", "-On", "-m", "", "-C", "-c", f"{folder}/snmptrapd.conf", "-Lf", self.log,
                                         f"udp:127.0.0.1:{self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env=dict(os.environ, SNMP_PERSISTENT_DIR=folder))
        until(lambda: os.path.exists(self.log) and "version" in open(self.log, encoding="utf-8").read())
        time.sleep(0.2)

    def lines(self):
        with open(self.log, encoding="utf-8") as log:
            return [line.strip() for line in log if "1.3.6.1" in line]

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
