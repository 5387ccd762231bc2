"""Masked forms, as lists and cards show them."""


def mask_phone(text: str) -> str:
    """13812345678 → 138****5678; short numbers keep their last two digits."""
    if len(text) >= 11:
        return f"{text[:3]}****{text[-4:]}"
    return "*" * max(len(text) - 2, 0) + text[-2:] if len(text) > 2 else "*" * len(text)


def mask_id_number(text: str) -> str:
    """The first and last two characters stay: 34************1X."""
    return f"{text[:2]}{'*' * (len(text) - 4)}{text[-2:]}" if len(text) > 4 else "*" * len(text)


def mask_words(text: str) -> str:
    """Words of which not even the beginning is shown: only that something is noted."""
    return "***" if text else ""


def mask_address(text: str) -> str:
    """The first six characters stay, as a rule province, county or town: 和风镇柳溪村***."""
    return f"{text[:6]}***" if len(text) > 6 else "***" if text else ""
