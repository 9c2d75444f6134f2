"""Events and claims out of one article: Article + Parse + Toponyms -> Coding."""
