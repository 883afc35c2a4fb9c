"""What was meant: words to intents and slots. Pure; each language is data (`en.yaml`, `zh.yaml`)."""
