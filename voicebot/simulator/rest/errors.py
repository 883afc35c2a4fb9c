"""Twilio's REST errors: code, HTTP status and message, as the SDK expects to read them."""

from __future__ import annotations

from typing import NoReturn

# code -> (HTTP status, message) (https://www.twilio.com/docs/api/errors)
REST_ERRORS: dict[int, tuple[int, str]] = {
    10004: (429, "Call concurrency limit exceeded"),
    20001: (400, "Invalid parameter: {}"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed: {}"),
    20008: (403, "Resource not accessible with Test Account Credentials"),
    20404: (404, "The requested resource {} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url is not a valid URL: {}"),
    21206: (400, "SendDigits parameter is invalid: {}"),
    21208: (400, "Timeout parameter is invalid: {}"),
    21209: (400, "Method is invalid: {}"),
    21210: (400, "The source phone number provided, {}, is not yet verified for your account"),
    21211: (400, "Invalid 'To' Phone Number: {}"),
    21212: (400, "The phone number provided, {}, is not a valid 'From' number"),
    21213: (400, "No 'From' number is specified"),
    21214: (400, "'To' phone number cannot be reached: {}"),
    21215: (400, "Account not authorized to call {}"),
    21216: (400, "Account not allowed to call {}"),
    21217: (400, "Phone number does not appear to be valid: {}"),
    21218: (400, "Invalid ApplicationSid: {}"),
    21220: (400, "Call is not in-progress. Cannot redirect. {}"),
    21408: (400, "Permission to send an SMS has not been enabled for the region of {}"),
    21602: (400, "Message body is required"),
    21603: (400, "A 'From' phone number is required"),
    21604: (400, "A 'To' phone number is required"),
    21606: (400, "The 'From' phone number {} is not a message-capable number of this account"),
    21610: (400, "Attempt to send to unsubscribed recipient {}"),
    21611: (429, "The 'From' number {} has exceeded the maximum number of queued messages"),
    21612: (400, "The message cannot be sent with this combination of 'To' and 'From': {}"),
    21614: (400, "'To' number {} is not a mobile number"),
    21617: (400, "The message body exceeds the 1600 character limit"),
    22005: (400, "Call Queue Full"),
    32018: (400, "Twiml parameter exceeds 4000 characters: {}"),
}


class RestError(Exception):
    """A refusal of the REST interface. `detail` goes into the message's gap."""

    def __init__(self, code: int, detail: str = "") -> None:
        self.code = code
        self.status, message = REST_ERRORS[code]
        super().__init__(message.format(detail).strip())

    def body(self) -> dict[str, object]:
        """The JSON that Twilio answers."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": str(self), "more_info": more, "status": self.status}


def refuse(code: int, detail: str = "") -> NoReturn:
    raise RestError(code, detail)
