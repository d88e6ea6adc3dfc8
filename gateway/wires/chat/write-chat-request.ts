type Members = Readonly<Record<string, unknown>>;

/** A request that came in another format, as a chat completion request. */
export const writeChatRequest = (members: Members, model: string): Members => ({ ...members, model });
