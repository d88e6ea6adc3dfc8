import { clauseWords, hedgeWords } from "./measure-style-words.ts";

/**
 * Words by the role they play in a refusal. A word may have several. Languages other than English share the roles, so that
 * the same patterns find their refusals.
 */
const wordsOfRoles = {
  self: "i i'm we we're ich wir je nous ik jag",
  iAm: "i'm we're",
  am: "am are bin",
  not: "not never nicht nie pas jamais niet inte",
  modal:
    "can will able going comfortable programmed designed kann können könnte werde darf peux pouvons pourrais kan zal",
  cannot: "can't cannot won't unable",
  negation: "no não non",
  romanceCan: "puedo podemos podré posso possiamo podemos poderei potrò",
  do: "do did",
  doNot: "don't didn't",
  request:
    "provide help assist fulfill fulfil comply answer respond create generate write produce give offer support endorse engage share discuss explain describe recommend encourage suggest promote condone participate tell continue perform complete prove show advise guide facilitate make teach instruct disclose identify access agree draft compose compile predict determine process do accept justify helfen beantworten unterstützen bereitstellen geben erstellen schreiben anbieten aider fournir répondre donner créer écrire ayudar ayudarte ayudarle proporcionar responder dar crear escribir ofrecer cumplir ajudar fornecer criar escrever oferecer aiutare aiutarti fornire rispondere creare scrivere helpen bieden hjälpa",
  stance: "condone endorse support promote encourage engage tolerate recommend advocate",
  sorry:
    "sorry apologize apologise apologies apology regret unfortunately leid leider entschuldigung désolé désolée malheureusement regrette siento lamento desculpe desculpa sinto lamentablemente infelizmente dispiace spiacente purtroppo helaas tyvärr",
  but: "but however cannot aber mais pero mas ma maar men",
  ai: "ai ki ia",
  lacking: "access opinions opinion beliefs capability capabilities ability",
  is: "is it's be would",
  proper:
    "appropriate ethical acceptable legal moral justified justifiable okay ok right respectful advisable productive",
  truthful: "accurate fair true correct",
  improper: "unethical illegal inappropriate harmful immoral unacceptable wrong offensive disrespectful unlawful",
  against: "against violates violate",
  principle: "programming guidelines principles policy policies values ethics terms standards law",
  important: "important crucial essential",
  moral: "remember respect treat prioritize recognize promote always approach",
  clarify: "clarify emphasize inform stress",
  decline: "decline refuse refrain condemn",
  instead: "instead",
  help: "sure certainly absolutely here here's yes yeah",
  hedge: hedgeWords,
  clause: clauseWords,
} as const;

/** A role that words may play. */
export type Role = keyof typeof wordsOfRoles;

const roles = Object.keys(wordsOfRoles);

/** Whether a word is the name of a role. */
export const isRole = (name: string): name is Role => roles.includes(name);

/** The bit of a role in what a lexicon knows of a word. */
export const roleBit = (role: Role): number => 1 << roles.indexOf(role);

/** Every word that plays a role, once for each role. */
export const rolesByWord = (): readonly (readonly [word: string, bit: number])[] =>
  Object.values(wordsOfRoles).flatMap((words, index) => words.split(" ").map((word) => [word, 1 << index] as const));
