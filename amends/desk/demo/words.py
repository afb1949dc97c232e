"""What the invented customers of the demonstration write and what the people of the desk answer. Nobody here is real."""

from __future__ import annotations

from typing import NamedTuple


class Trouble(NamedTuple):
    """One complaint: what the customer writes, what the desk finds, what it offers."""

    subject: str
    words: str
    found: str
    offer: str
    pence: int
    category: str
    cause: str
    fault_owner: str = ""


CUSTOMERS = (
    ("Margaret Ashdown", "14 Larch Road\nHarrogate\nHG1 4QX", "01632 960114"),
    ("Tomos Prydderch", "2 Heol y Bont\nAberystwyth\nSY23 1AB", "01632 960231"),
    ("Amara Nwosu", "Flat 6, 88 Canal Street\nLeeds\nLS2 7EW", "07700 900152"),
    ("Iain McTaggart", "3 Harbour View\nOban\nPA34 4LW", "07700 900613"),
    ("Priya Raman", "27 Elm Close\nReading\nRG1 5HT", "07700 900388"),
    ("Joan Whitfield", "The Old Dairy, Mill Lane\nLudlow\nSY8 2JR", "01632 960872"),
    ("Krzysztof Zieliński", "41 Station Road\nBoston\nPE21 9NT", "07700 900747"),
    ("Siobhán Ní Dhálaigh", "9 Chapel Row\nNewry\nBT34 2QT", "07700 900926"),
    ("Derek Sallow", "118 Ferry Road\nHull\nHU9 1ED", "01632 960455"),
    ("Bethan Rhys-Jones", "Tŷ Gwyn\nLlandeilo\nSA19 6DH", "01632 960519"),
    ("Olu Adeyemi", "5 Park Terrace\nNottingham\nNG1 6GR", "07700 900064"),
    ("Hilary Brandt", "77 Grange Avenue\nStockport\nSK4 3JF", "01632 960683"),
    ("Yusuf Karim", "12 Market Place\nBlackburn\nBB1 7DF", "07700 900831"),
    ("Ruth Pemberton", "Rose Cottage, Church Street\nWells\nBA5 2RT", "01632 960790"),
    ("George Anastasiou", "30 Palmers Green Lane\nLondon\nN13 4XX", "07700 900295"),
    ("Nell Fairbrother", "1 Quarry Hill\nSheffield\nS6 5TH", "07700 900478"),
)

TROUBLES = (
    Trouble(
        "No broadband since Tuesday",
        "Our broadband has been off since Tuesday morning. I have turned the router off and on as your recorded "
        "message says. I work from home and have lost three days. Please tell me when it will be back and what you "
        "are going to do about it.",
        "A card at the exchange failed and was replaced on the fourth day.",
        "We are sorry for the four days without service. The line has been tested and is stable. We will refund four "
        "days of your subscription and add a payment of £20 for the trouble.",
        2480,
        "Fault or no service",
        "A supplier",
        "the network",
    ),
    Trouble(
        "Charged twice in the same month",
        "You have taken my direct debit twice this month, on the 1st and again on the 3rd. Please put the money back "
        "and tell me how this happened.",
        "The payment file was sent to the bank twice.",
        "You were charged twice through our mistake. The second payment goes back to your account, and we will pay "
        "any charge that your bank made.",
        3499,
        "Billing and charges",
        "Our systems",
        "us",
    ),
    Trouble(
        "Engineer did not come",
        "I took a morning off for the engineer on Wednesday. Nobody came and nobody rang. This is the second time. I "
        "want a new appointment that is kept.",
        "The appointment was moved by the installer and nobody told the customer.",
        "We are sorry that the visit was moved without a word to you. A new appointment is booked for the first slot "
        "that you named, and we will credit £31.19.",
        3119,
        "Order or installation",
        "A promise not kept",
        "the installer",
    ),
    Trouble(
        "The price went up in the middle of my contract",
        "My contract says £29 until March. My new bill says £34. I did not agree to this.",
        "The discount was taken off a month early by the new billing system.",
        "You are right: the discount runs until March. We have corrected the bill and every bill until then.",
        500,
        "Contract and price changes",
        "Billing error",
        "us",
    ),
    Trouble(
        "Very slow in the evenings",
        "Every evening from about six until ten the line is so slow that a film stops every few minutes. In the "
        "morning it is fine. I pay for 80 and get 6.",
        "The cabinet is full in the evening; more capacity is due in eight weeks.",
        "The line to your cabinet is too busy in the evening. You may leave without a charge, or stay at half price "
        "until the work is done.",
        4000,
        "Slow or unreliable service",
        "A supplier",
        "the network",
    ),
    Trouble(
        "Still being billed after leaving",
        "I left you in the spring and you are still sending me bills. The last one threatens a fee. Please close the "
        "account and stop this.",
        "The cease order was closed without closing the account.",
        "The account is closed as of the day you left. All bills since are cancelled, and nothing was passed to a "
        "collector.",
        0,
        "Cancelling or leaving",
        "Our systems",
        "us",
    ),
    Trouble(
        "Router arrived broken, three weeks for a new one",
        "The router you sent does not switch on. I rang on the day and was told a new one would take two days. That was "
        "three weeks ago.",
        "The replacement was ordered to an old address.",
        "A new router left today by courier, and the three weeks without service are refunded.",
        2175,
        "Equipment",
        "Staff error",
        "us",
    ),
    Trouble(
        "My mother's telephone",
        "My mother is 84 and has a pendant alarm on this line. It has crackled for ten days and now it is dead. Somebody "
        "must come today. I have her permission to write.",
        "Water in the joint under the pavement; repaired within the day as a priority.",
        "The joint has been renewed and the alarm was tested with the alarm company. We refund the month.",
        2899,
        "Accessibility or a need",
        "A supplier",
        "the network",
    ),
)

QUESTION = (
    "When is your office open?",
    "Good morning. Could you tell me your opening hours on Saturday? I would like to come by for a SIM card. Thank you.",
)

AGAIN = (
    "I wrote to you yesterday and I am not sure that it arrived. It is still the same. Please tell me that somebody "
    "is looking at it."
)
WANTED = (
    "Please send us a photograph of the lamps on your router, and tell us at which times of the day it happens.",
    "Please tell us which of your bills it is about, and the sum on it that is not right.",
)
GIVEN = "It is the bill of last month. It says 48.20 and it should be 31.19, as it was in spring."
COPY_WANTED = "I should like to have your code of practice, to read what you promise."
COMMENTS = (
    "The part about faults is hard to follow. Could you say in one sentence by when somebody rings back?",
    "Please put the telephone number at the top of the first page.",
)
CONSIDERED = "The next version has the telephone number on its first page."
DATA_COMPLAINT = (
    "My bill went to somebody else",
    "You sent my bill to a neighbour, with every call that I made. I want to know how that came about.",
)
ASKED = "Please test the line to the cabinet and give us the day on which an engineer can come."
HOLDING = "We have asked the network for the date of the repair and will tell you as soon as we know it."
INTRODUCTION = (
    "I have your first message in front of me, and I have asked our network team what they saw on that day."
)
REPLY = (
    "I have read everything that you sent and have asked the people who were involved. You have my "
    "direct number above; I will be in touch again within the week."
)
NEED_LONGER = "The network has told us that its work takes until the end of next month."
REFUSALS = (
    "That is not enough for what this has cost me.",
    "I do not accept this. Nobody has explained why it took so long.",
    "An apology does not bring back the time I lost.",
)
ACCEPTANCES = (
    "Yes, that is fine. Thank you for sorting it out.",
    "I accept. I am glad that somebody has listened.",
    "That puts it right. Thank you.",
)
POSITION = (
    "We have looked at this a second time. We are sorry for what happened and our offer stands, but we cannot pay for "
    "lost earnings under the terms of the service. We do not intend to review it again."
)
THANKS = ("Thank you", "Just to say thank you, it is all working now.")

DISPUTE = "D-204417"
FILE_WANTED = "The scheme's letter of today names the day."
FILE_SENT = "Uploaded to the scheme's website."
SCHEME_DECISION = (
    "The complaint was well founded in part: nobody rang back for a week, and the bill was wrong once."
)
SCHEME_ASKED = "Apologise in writing.\nCorrect the bill and send it again."
SCHEME_SAYS = "The scheme's letter of today."
LESSON = "Whoever promises to ring back writes the day and time into the case, so that somebody else can."
