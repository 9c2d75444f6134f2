"""What a person can mend: each error says what is wrong, where, and what to do."""


class DeskError(Exception):
    """Anything that stops the desk and that the person at the keyboard can put right."""


class ConfigError(DeskError):
    """A setting or an argument is wrong."""


class CodebookError(DeskError):
    """A codebook, actor or place file breaks its own rules."""


class StoreError(DeskError):
    """Something that must be kept could not be written or read back whole."""


class CheckError(DeskError):
    """A check on the data failed, or `--strict` met its first Problem."""


class RightsError(DeskError):
    """Somebody asked for what their role may not do; the message says which role may."""
