/** The least that any server of this app asks for; one may ask for more, and will say so. */
export const PASSWORD_MIN_LENGTH = 8;
