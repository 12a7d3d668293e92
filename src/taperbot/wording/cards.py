"""What the safety cards say. A clinician signs off every change here.

Emergency and crisis wording stays at a US school grade of 5 or below, most urgent line first, and holds no amount, method or judgement.
`{emergency}` is the country's number or numbers.
"""

from __future__ import annotations

EMERGENCY_FIRST = "Call {emergency} now, or ask someone near you to call."
EMERGENCY_LINES = (
    "Stay with the person. If they are asleep and hard to wake, roll them on their side.",
    "In a fit: clear the space, put something soft under the head, and time it. Do not hold them down. Put nothing in the mouth.",
    "If pills or drink were swallowed, keep the packs to show. Do not make anyone throw up.",
    "If opioids may be part of it and you have naloxone, use it while help comes.",
    "If somebody may hurt others, move to a safe place and call from there.",
)
EMERGENCY_POISON = "Poison line: {poison}."
EMERGENCY_WITH_CRISIS = "If you took something to end your life, tell them so. They want to help you. You can talk to someone here too."
EMERGENCY_SOFT_FIRST = "If someone is in danger right now, call {emergency}."
EMERGENCY_SOFT_LINES = (
    "Signs to call for: a fit, hard to wake, slow breaths, blue lips, chest pain, sudden confusion, or pills taken by a child.",
)

CRISIS_FIRST = "I am glad you wrote this. You do not have to carry it alone."
CRISIS_LINES = (
    "Please talk to a real person now. The numbers here are open to you.",
    "If you are in danger right now, call {emergency}.",
    "Move pills and other things you could use out of reach, or ask someone to hold them.",
    "Be with someone you trust, or call them and stay on the line.",
    "If you worry about someone else: stay with them, ask them straight out, and call with them.",
    "I am a computer program, not a person. People on these lines can help in ways I cannot.",
)
CRISIS_SOFT_FIRST = "Are you having thoughts of ending your life, or do you feel you cannot go on? Please talk to someone now."
CRISIS_SOFT_LINES = ("If you are in danger right now, call {emergency}. I am a computer program, not a person.",)

URGENT_FIRST = "This needs a person today: your prescriber, a pharmacist, or an out-of-hours line."
URGENT_LINES = (
    "Please do not stop or change anything more on your own before you have talked to them.",
    "Tell them all you take, with drink and opioids too, and whether you are pregnant or have ever had seizures.",
    "Call {emergency} for a seizure, slow breathing, someone who is hard to wake, chest pain or new confusion.",
)
URGENT_SOFT_FIRST = "If this is happening to you now, talk to your prescriber, a pharmacist or an out-of-hours line today."
URGENT_SOFT_LINES = ("Call {emergency} for a seizure, slow breathing, someone who is hard to wake, chest pain or new confusion.",)

DOSING_FIRST = (
    "I cannot work out a dose, a cut or a schedule for anyone. That is for a prescriber or pharmacist who knows the whole picture."
)
DOSING_LINES = (
    "Published guidance differs on pace, and each source says the plan should fit the person and be reviewed. What our articles "
    "say in general follows.",
    "You could ask them: How fast is safe for me, and what would tell us to slow down or pause?",
    "Which form or strength makes smaller steps possible? What do I do about a missed or an extra dose?",
    "Do my other medicines, conditions or supplements change the plan? Who do I call between visits?",
)
DOSING_SOFT_FIRST = (
    "I cannot work out doses. For your own plan, ask your prescriber or pharmacist; what our articles say in general follows."
)


FINDER_LABEL = "Find a helpline anywhere: findahelpline.com"
FINDER_TARGET = "https://findahelpline.com"
LOCAL_EMERGENCY = "your local emergency number"
EMERGENCY_LABEL = "Emergency: {number}"
HELP_TITLE = "Urgent help"
HELP_INTRO = "In danger now? Call the emergency number of the country you are in. These lines are for talking to a person."
HELP_UNSURE = "Numbers can change. If one does not work, call the emergency number or use the worldwide finder."
OVERDUE = (
    "The table of phone numbers was last checked on {checked}; it has to be checked again every {days} days. "
    "Check each number and update the dates."
)
