/** The shortest password that any server of this app accepts. A server that wants more refuses with a message. */
export const PASSWORD_MIN_LENGTH = 8;
