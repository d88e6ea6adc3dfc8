const openers = ["def ", "class ", "if ", "elif ", "else:", "for ", "while ", "try:", "except", "finally:", "with "];

/** Whether every line that opens a block, as far as one line shows it, is followed by a deeper one. */
export const isIndentedLikePython = (code: string): boolean => {
  let opened: number | null = null;
  for (const line of code.split("\n")) {
    const statement = line.trim();
    if (statement === "" || statement.startsWith("#")) {
      continue;
    }
    const indent = line.length - line.trimStart().length;
    if (opened !== null && indent <= opened) {
      return false;
    }
    const isOpener = statement.endsWith(":") && openers.some((opener) => statement.startsWith(opener));
    opened = isOpener ? indent : null;
  }
  return opened === null;
};
