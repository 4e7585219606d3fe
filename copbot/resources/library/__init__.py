"""The library's rows and verbs: add, import, review, publish, retire, merge doubles, save, count."""
