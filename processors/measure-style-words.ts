/** Words by which a speaker leaves open whether something is so. */
export const hedgeWords =
  "perhaps maybe possibly might likely unlikely probably presumably apparently seemingly seems seem appears appear suggests suggest generally typically usually often sometimes approximately roughly somewhat potentially unclear uncertain unsure arguably supposedly could think guess assume vielleicht wahrscheinlich möglicherweise vermutlich eventuell peut-être probablement quizás quizá probablemente posiblemente talvez provavelmente forse probabilmente misschien waarschijnlijk kanske";

/** Words that join clauses. */
export const clauseWords =
  "and or but because although though while whereas since unless until if when whenever where which who whom whose that before after so therefore once und oder aber weil obwohl während wenn dass et ou mais parce que quand lorsque si y o pero porque aunque cuando e ma perché quando mas embora";
