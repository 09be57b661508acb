"""Somebody else's client against the simulator: sends, fails, and hears what customers say. Prints what it saw as JSON."""

import json
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pywa import WhatsApp, errors, types

url, phone_id, waba_id, customer, app_secret = sys.argv[1:6]
seen = {"texts": [], "statuses": [], "refused": 0}

wa = WhatsApp(phone_id, "token", server=None, verify_token="verify-me", app_secret=app_secret, waba_id=waba_id)
# The only change: where Meta is.
wa.api._session.base_url = f"{url}/v24.0"


@wa.on_message()
def hear(_: WhatsApp, message: types.Message):
    seen["texts"].append(message.text)
    message.mark_as_read()
    message.reply("Thanks!", buttons=[types.Button("More", callback_data="more")], tracker="tracked")


@wa.on_message_status()
def status(_: WhatsApp, status: types.MessageStatus):
    seen["statuses"].append([str(status.status.value), status.tracker])


class Receiver(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(*wa.webhook_challenge_handler(vt=self.query("hub.verify_token"), ch=self.query("hub.challenge")))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        refused = wa.webhook_update_validator(body, self.headers["x-hub-signature-256"])
        if refused:
            seen["refused"] += 1
        self.answer(*(refused or wa.webhook_update_handler(body)))

    def query(self, name):
        return urllib.request.urlparse(self.path).query and urllib.parse.parse_qs(self.path.split("?", 1)[1])[name][0]

    def answer(self, text, code):
        self.send_response(code)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def control(method, path, body):
    request = urllib.request.Request(f"{url}/control{path}", json.dumps(body).encode(), method=method)
    return json.load(urllib.request.urlopen(request))


receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()
webhook = {"url": f"http://127.0.0.1:{receiver.server_port}/", "app_secret": app_secret, "verify_token": "verify-me"}
seen["webhook"] = control("PUT", "/webhook", webhook)["verified"]

try:
    wa.send_message(customer, "too early")
except errors.ReEngagementMessage as error:
    seen["closed"] = error.code

control("POST", f"/customers/{customer}/messages", {"text": "Olá 👋"})
deadline = time.monotonic() + 60
while len(seen["statuses"]) < 3 and time.monotonic() < deadline:
    time.sleep(0.05)

seen["number"] = wa.get_business_phone_number().display_phone_number
seen["numbers"] = [number.id for number in wa.get_business_phone_numbers()]
seen["image"] = wa.send_image(customer, image=b"\x89PNG\r\n\x1a\n", mime_type="image/png", caption="look").id
seen["statuses"] = seen["statuses"][:3]
print(json.dumps(seen))
