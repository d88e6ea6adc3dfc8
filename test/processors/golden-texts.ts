const fence = "```";

/** Texts in which every measure has something to say; their measures are pinned, so they must not change. */
export const goldenTexts: readonly string[] = [
  "",
  "[No]",
  "B) Lisbon",
  "3,141.59",
  '{"name": "Ada", "born": 1815}',
  `${fence}json\n[{"a": 1}]\n${fence}`,
  '{"name": "Ada", "born": ',
  "I'm sorry, but I can't help with that. It is not appropriate, and goes against my guidelines.",
  "As an AI language model, I do not have access to your files. However, I can explain how to open one.",
  "I cannot condone this. Instead:\n\n1. Talk to someone.\n2. Take a walk.\n3. Sleep over it.",
  "Perhaps it rains tomorrow; it usually does in April, and probably nobody knows why. Shall we go anyway?",
  "# Title\n\n## Part\n\n- one\n- two\n* three\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nSee https://example.com and [1], [2].",
  `Sort a list:\n\n${fence}python\ndef f(x):\n    return sorted(x)  # :-)\n${fence}\n\nOr so:\n\n${fence}js\nf([1, 2);\n${fence}`,
  "Das Wetter ist heute schön, und wir fahren mit unseren Freunden an den See. Kommst du mit?",
  "Il fait beau aujourd'hui et nous allons au lac avec nos amis. Je ne peux pas aider à cela.",
  "Lo siento, pero no puedo ayudarte con eso, porque es muy tarde y ya no hay luz en la casa.",
  "Сегодня хорошая погода, и мы едем на озеро, потому что это не так далеко от дома.",
  "今日は天気がいいので、私たちは湖に行きます。明日は？",
  "الطقس جميل اليوم ونحن ذاهبون إلى البحيرة مع الأصدقاء في هذا المساء؟",
  "bad\u0007 \ufffd \u200b \ud800 \u{1f433} bytes",
  "the same words again and again ".repeat(60),
  Array.from({ length: 400 }, (_, index) => `word${index % 150} ${"abcdefghij"[index % 10]}${index}.`).join(" "),
  'Is 17077 a prime number? Think step by step and then answer "[Yes]" or "[No]".',
  'Translate "guten Tag" at https://example.com/a/b into Internationalisation 42 terms, because I forgot which one it was.',
];
