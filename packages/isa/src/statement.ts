/**
 * The syntax of assembler source: statements, operands and expressions, before they mean an instruction.
 * The dialect is that of the GNU assembler, except that `;` starts a comment.
 */

/** A statement: an operation (mnemonic or directive, lower case) and its operands as text. */
export interface Statement {
  readonly operation: string;
  readonly operands: readonly string[];
}

/** A line: the labels it defines, then perhaps a statement. */
export interface Line {
  readonly labels: readonly string[];
  readonly statement: Statement | undefined;
}

/** What expressions may refer to: symbols, and `.` as the address of the statement. */
export interface Scope {
  readonly address: bigint;
  readonly lookup: (name: string) => bigint | undefined;
}

/** Why a piece of source means nothing; `operand` names the operand (`R1`, `S2`) if it is about one. */
export interface SourceError {
  readonly message: string;
  readonly operand: string | undefined;
}

/** The first character that is not inside a string literal and satisfies `test`, or -1. */
function findOutsideStrings(text: string, test: (character: string, index: number) => boolean): number {
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (quoted && character === '\\') index++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && test(character, index)) return index;
  }
  return -1;
}

function splitOperands(text: string): string[] {
  const operands: string[] = [];
  let rest = text;
  for (;;) {
    let depth = 0;
    const comma = findOutsideStrings(rest, (character) => {
      if (character === '(') depth++;
      if (character === ')') depth--;
      return character === ',' && depth === 0;
    });
    if (comma < 0) return [...operands, rest.trim()];
    operands.push(rest.slice(0, comma).trim());
    rest = rest.slice(comma + 1);
  }
}

/** Takes a line of source apart. Any text is a line; whether its operation exists is not looked at. */
export function parseLine(source: string): Line {
  const comment = findOutsideStrings(source, (character) => character === '#' || character === ';');
  let rest = (comment < 0 ? source : source.slice(0, comment)).trim();
  const labels: string[] = [];
  for (;;) {
    const label = /^([A-Za-z_.$][\w.$]*)\s*:\s*/.exec(rest);
    if (label?.[1] === undefined) break;
    labels.push(label[1]);
    rest = rest.slice(label[0].length);
  }
  if (rest === '') return { labels, statement: undefined };
  const space = /\s/.exec(rest)?.index ?? rest.length;
  const operation = rest.slice(0, space).toLowerCase();
  const operands = rest.slice(space).trim();
  return { labels, statement: { operation, operands: operands === '' ? [] : splitOperands(operands) } };
}

const numberPattern = /^(?:0x[0-9a-f]+|0b[01]+|0o?[0-7]+|[1-9]\d*|0)$/i;

function parseNumber(text: string): bigint | undefined {
  if (!numberPattern.test(text)) return undefined;
  return BigInt(text.replace(/^0(?=[0-7])/, '0o'));
}

/**
 * The value of a sum or difference of numbers (decimal, 0x, 0b, 0 for octal), symbols and `.`; a string that
 * says what is wrong otherwise.
 */
export function evaluate(text: string, scope: Scope): bigint | string {
  let rest = text.trim();
  if (rest === '') return 'an expression is missing';
  let sum = 0n;
  let first = true;
  while (rest !== '') {
    const term = /^([+-]?)\s*([\w.$]+)\s*/.exec(rest);
    if (term?.[2] === undefined || (!first && term[1] === '')) return `"${text}" is not an expression`;
    const [all, sign, name] = term;
    const value = parseNumber(name) ?? (name === '.' ? scope.address : scope.lookup(name));
    if (value === undefined) {
      return /^\d/.test(name) ? `"${name}" is not a number` : `symbol "${name}" is not defined`;
    }
    sum += sign === '-' ? -value : value;
    rest = rest.slice(all.length);
    first = false;
  }
  return sum;
}
