/** Lengths are those of RFC 5321: 64 characters before the at sign, labels of 63 after it. */
const email = /[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu;

/** Replaces e-mail addresses. */
export const redactEmails = (text: string): string => text.replace(email, "[EMAIL]");
