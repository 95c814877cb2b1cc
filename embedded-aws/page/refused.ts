/** What a button asked for can't be done: its sentence is for whoever pressed. */
export class Refused extends Error {}
