"""Pages of chapter 2: the agency's, the officers', and the application page that both share an address for."""
