import voicebot


def test_version_is_named() -> None:
    assert voicebot.__version__
