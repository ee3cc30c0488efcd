#!/usr/bin/env python3
"""With auth-enabled a request needs credentials, and its user the privilege for what it asks.

    auth.py BIN
"""
import base64
import hashlib
import hmac
import json
import sys
import time
from pathlib import Path

from daemon import API, Checks, Daemon

SECRET = "what both know"


def basic(name, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def segment(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def bearer(claims, secret=SECRET, algorithm="HS256"):
    signed = segment({"alg": algorithm, "typ": "JWT"}) + "." + segment(claims)
    mac = hmac.new(secret.encode(), signed.encode(), {"HS256": hashlib.sha256, "HS512": hashlib.sha512}.get(algorithm, hashlib.sha256))
    return {"Authorization": f"Bearer {signed}.{segment(mac.digest())}"}


def error_of(answer):
    code, body = answer
    return code, body.get("error") if isinstance(body, dict) else body


def stub(checks, bin_dir):
    """Without [auth]: only presence and form of credentials are looked at."""
    with Daemon(bin_dir, http=f'auth-enabled = true\n  shared-secret = "{SECRET}"') as daemon:
        daemon.start()
        checks.equal(error_of(daemon.ask("GET", f"{API}/tasks")), (401, "unable to parse authentication credentials"), "none")
        checks.equal(daemon.ask("GET", f"{API}/tasks?u=any&p=thing")[0], 200, "u and p")
        checks.equal(daemon.ask("GET", f"{API}/tasks", headers=basic("any", "thing"))[0], 200, "basic")
        checks.equal(error_of(daemon.ask("GET", f"{API}/tasks", headers=basic("", "x"))), (401, "username required"), "no name")
        checks.equal(error_of(daemon.ask("GET", f"{API}/nowhere")), (401, "unable to parse authentication credentials"), "unknown path")
        checks.equal(daemon.ask("OPTIONS", f"{API}/tasks")[0], 200, "OPTIONS asks for nothing")
        checks.equal(daemon.write("m v=1 1\n", headers=basic("~subscriber", "any"))[0], 204, "a subscription's token, any")
        checks.equal(daemon.write("m v=1 1\n", headers=basic("any", "thing"))[0], 204, "a write of anybody")
        tokens(checks, daemon)


def tokens(checks, daemon):
    later = int(time.time()) + 600
    ask = lambda headers: error_of(daemon.ask("GET", f"{API}/tasks", headers=headers))
    checks.equal(ask(bearer({"username": "bob", "exp": later}))[0], 200, "a signed token")
    checks.equal(ask(bearer({"username": "bob", "exp": later}, algorithm="HS512"))[0], 200, "by another digest")
    checks.equal(ask(bearer({"username": "bob", "exp": later}, "guess")), (401, "invalid token: signature is invalid"), "another secret")
    checks.equal(ask(bearer({"username": "bob", "exp": 1})), (401, "invalid token: Token is expired"), "expired")
    checks.equal(ask(bearer({"username": "bob"})), (401, "token expiration required"), "for ever")
    checks.equal(ask(bearer({"exp": later})), (401, "token must contain a username"), "nobody's")
    checks.equal(ask(bearer({"username": 7, "exp": later})), (401, "username in token must be a string"), "a number's")
    checks.equal(ask(bearer({"username": "bob", "exp": later}, algorithm="none")),
                 (401, "invalid token: unexpected signing method: none"), "unsigned")
    checks.equal(ask({"Authorization": "Bearer abc"}), (401, "invalid token: token contains an invalid number of segments"), "no token")


def users(checks, bin_dir):
    with Daemon(bin_dir) as daemon:
        config = Path(daemon.config)
        config.write_text(config.read_text(encoding="utf-8") + "[auth]\n  enabled = true\n  bcrypt-cost = 4\n", encoding="utf-8")
        daemon.start()
        # The first users are made before credentials are asked for.
        code, boss = daemon.ask("POST", f"{API}/users", {"name": "boss", "password": "s3cret", "type": "admin"})
        checks.equal((code, boss["name"], boss["type"], boss["permissions"]), (200, "boss", "admin", []), "an admin is made")
        make = lambda name, permissions: daemon.ask("POST", f"{API}/users", {"name": name, "password": "pw", "permissions": permissions})
        make("writer", ["write_points"])
        make("reader", ["api"])
        checks.equal(make("reader", ["all"])[1]["name"], "", "an existing user is left as it is")
        checks.equal(error_of(make("a b", []))[0], 400, "a name with a space")
        checks.equal(error_of(make("", [])), (400, "username is required"), "no name")
        checks.equal(error_of(make("x", ["everything"]))[0], 400, "an unknown permission")
        daemon.stop()
        config.write_text(config.read_text(encoding="utf-8").replace("log-enabled = false", "log-enabled = false\n  auth-enabled = true"),
                          encoding="utf-8")
        daemon.start()
        allowed(checks, daemon)
        leaks = [path.name for path in Path(daemon.folder, "data").iterdir() if path.is_file() and b"s3cret" in path.read_bytes()]
        checks.equal(leaks, [], "no password is stored")


def allowed(checks, daemon):
    boss, writer, reader = basic("boss", "s3cret"), basic("writer", "pw"), basic("reader", "pw")
    checks.equal(error_of(daemon.ask("GET", f"{API}/tasks", headers=basic("boss", "wrong"))), (401, "authorization failed"), "wrong")
    checks.equal([daemon.ask("GET", f"{API}/tasks", headers=boss)[0] for _ in range(2)], [200, 200], "the admin, twice")
    names = [user["name"] for user in daemon.ask("GET", f"{API}/users", headers=boss)[1]["users"]]
    checks.equal(names, ["boss", "reader", "writer"], "the list")
    checks.equal(daemon.write("m v=1 1\n", headers=writer)[0], 204, "who may write writes")
    checks.equal(error_of(daemon.ask("GET", f"{API}/tasks", headers=writer)),
                 (403, f'user writer does not have "read" privilege for API endpoint "{API}/tasks"'), "and nothing else")
    checks.equal(daemon.ask("GET", f"{API}/tasks", headers=reader)[0], 200, "who may use the API reads")
    checks.equal(daemon.write("m v=1 1\n", headers=reader)[0], 403, "and does not write")
    checks.equal(daemon.ask("GET", f"{API}/config", headers=reader)[0], 403, "nor sees the configuration")
    daemon.ask("PATCH", f"{API}/users/writer", {"permissions": ["api"]}, headers=boss)
    checks.equal(daemon.ask("GET", f"{API}/tasks", headers=writer)[0], 200, "a change holds at once")
    daemon.ask("PATCH", f"{API}/users/writer", {"password": "new"}, headers=boss)
    checks.equal(daemon.ask("GET", f"{API}/tasks", headers=writer)[0], 401, "an old password is forgotten at once")
    checks.equal(daemon.ask("DELETE", f"{API}/users/writer", headers=boss)[0], 204, "deleted")
    checks.equal(daemon.ask("GET", f"{API}/users/writer", headers=boss)[0], 404, "and gone")
    checks.equal(daemon.ask("GET", f"{API}/tasks", headers=basic("~subscriber", "made up"))[0], 401, "a token nobody gave")


if __name__ == "__main__":
    done = Checks()
    stub(done, sys.argv[1])
    users(done, sys.argv[1])
    sys.exit(done.report())
