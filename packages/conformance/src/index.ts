// Nothing is here yet: README.md says what will be.
export {};
