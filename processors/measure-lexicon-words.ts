import { functionWords } from "./measure-function-words.ts";
import { languageBit } from "./measure-language.ts";
import type { WordKnowledge } from "./measure-lexicon.ts";
import { Lexicon } from "./measure-lexicon.ts";
import { rolesByWord } from "./measure-roles.ts";

/** Makes the lexicon of every word that a measure asks for. */
export const createLexicon = (): Lexicon => {
  const words = new Map<string, WordKnowledge>();
  const add = (word: string, more: WordKnowledge): void => {
    const known = words.get(word) ?? { languages: 0, roles: 0 };
    words.set(word, { languages: known.languages | more.languages, roles: known.roles | more.roles });
  };
  for (const [language, list] of Object.entries(functionWords)) {
    for (const word of list.split(" ")) {
      add(word, { languages: languageBit(language), roles: 0 });
    }
  }
  for (const [word, roles] of rolesByWord()) {
    add(word, { languages: 0, roles });
  }
  return new Lexicon(words);
};
