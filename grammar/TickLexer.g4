// TickLexer.g4 - the tokens of TICKscript, both dialects.
//
// Which token a character begins depends on the token before it (language.md 1.1), so nextToken() below picks
// the mode first: OPERAND (the default mode) where a value may start, OPERATOR where a binary operator follows
// an operand, REGEX_ONLY for a slash right after `=`, `=~` and `!~`. Kapacitor 0.2 has a single state, DOTTED.
// Every rune sequence is some token: what is wrong becomes a BAD_ token or UNKNOWN, which no rule of the parser
// takes, so mistakes are found where the parser looks at them. Comments are kept, on the hidden channel.
// This file stays ASCII: the generator's C++ literals do not survive anything else.
lexer grammar TickLexer;

@lexer::members {
  bool dotted = false;  // Kapacitor 0.2's tokens; set before the first one is read

  std::unique_ptr<antlr4::Token> nextToken() override {
    mode = nextMode();
    std::unique_ptr<antlr4::Token> token = antlr4::Lexer::nextToken();
    size_t kind = token->getType();
    // 0.2 has no token of its own for the star.
    if (dotted && kind == MULT && !endsOperand(previous)) {
      kind = STAR;
      dynamic_cast<antlr4::WritableToken *>(token.get())->setType(STAR);
    }
    if (!dotted || kind != COMMENT) previous = kind;
    return token;
  }

  static bool isSpace(size_t rune) {
    return (rune >= 0x09 && rune <= 0x0d) || rune == 0x20 || rune == 0x85 || rune == 0xa0 || rune == 0x1680 ||
           (rune >= 0x2000 && rune <= 0x200a) || rune == 0x2028 || rune == 0x2029 || rune == 0x202f ||
           rune == 0x205f || rune == 0x3000;
  }

 private:
  size_t previous = antlr4::Token::EOF;

  size_t nextMode() {
    ssize_t ahead = 1;
    while (isSpace(_input->LA(ahead))) ++ahead;
    size_t rune = _input->LA(ahead);
    if (rune == '/' && (previous == ASSIGN || previous == MATCH || previous == NOT_MATCH)) return REGEX_ONLY;
    if (dotted) return DOTTED;
    bool after = endsOperand(previous) || previous == AND || previous == OR || previous == VAR || previous == DBRP ||
                 previous == LAMBDA;
    // A regex or a star ends an operand, yet no operator may follow it.
    if (previous == REGEX || previous == STAR) after = false;
    bool operator_rune = rune == '+' || rune == '-' || rune == '*' || rune == '/' || rune == '%' || rune == '!' ||
                         rune == '<' || rune == '>' || rune == '=';
    return after && operator_rune ? size_t{OPERATOR} : size_t{DEFAULT_MODE};
  }

  static bool endsOperand(size_t kind) {
    return kind == IDENT || kind == NUMBER || kind == DURATION || kind == STRING || kind == TRIPLE_STRING ||
           kind == REFERENCE || kind == REGEX || kind == STAR || kind == RPAREN || kind == TRUE || kind == FALSE;
  }
}

// --- OPERAND: a value, a name, a bracket, a regex or a comment may start ------------------------------------

AND     : 'AND' ;
OR      : 'OR' ;
TRUE    : 'TRUE' ;
FALSE   : 'FALSE' ;
VAR     : 'var' ;
DBRP    : 'dbrp' ;
LAMBDA  : 'lambda:' ;   // one token; `lambda` without the colon is a name
IDENT   : NAME ;

NUMBER  : DIGIT+ ( '.' DIGIT* )? | '.' DIGIT+ ;
BAD_NUMBER : ( DIGIT+ '.' DIGIT* | '.' DIGIT+ ) '.' ;
DURATION : DIGIT+ UNIT ;

STRING        : SINGLE_QUOTED ;
TRIPLE_STRING : TRIPLE_QUOTED ;
BAD_STRING    : OPEN_SINGLE | OPEN_TRIPLE ;
REFERENCE     : DOUBLE_QUOTED ;
BAD_REFERENCE : OPEN_DOUBLE ;
REGEX         : '/' REGEX_PART+ '/' ;
BAD_REGEX     : '/' ( REGEX_PART+ '\\'* | '\\'+ )? ;
// A run of comment lines is one token; only one slash of each further line is looked at.
COMMENT       : ( '//' ~'\n'* ( '\n' SPACE_IN_LINE* '/' ~'\n'* )* ) -> channel(HIDDEN) ;

MINUS    : '-' ;
NOT      : '!' ;
STAR     : '*' ;
LPAREN   : '(' ;
RPAREN   : ')' ;
LBRACKET : '[' ;
RBRACKET : ']' ;
COMMA    : ',' ;
DOT      : '.' ;
PIPE     : '|' ;
AT       : '@' ;
WS       : SPACE+ -> skip ;
UNKNOWN  : . ;

fragment NAME   : LETTER ( LETTER | DIGIT | '_' )* ;
fragment LETTER : [\p{L}] ;
fragment DIGIT  : [\p{Nd}] ;
fragment UNIT   : 'u' | '\u00B5' | 'ms' | 's' | 'm' | 'h' | 'd' | 'w' ;   // U+00B5 is the micro sign

// Only a backslash right before the closing mark escapes, whatever stands before the backslash.
fragment SINGLE_QUOTED : OPEN_SINGLE_BODY '\'' ;
fragment OPEN_SINGLE   : OPEN_SINGLE_BODY '\\'* ;
fragment OPEN_SINGLE_BODY : '\'' ( ~['\\] | '\\'+ ~[\\] )* ;
fragment DOUBLE_QUOTED : OPEN_DOUBLE_BODY '"' ;
fragment OPEN_DOUBLE   : OPEN_DOUBLE_BODY '\\'* ;
fragment OPEN_DOUBLE_BODY : '"' ( ~["\\] | '\\'+ ~[\\] )* ;
fragment REGEX_PART    : ~[/\\] | '\\'+ ~[\\] ;
// Ends at the third of three quotes in a row.
fragment TRIPLE_QUOTED : OPEN_TRIPLE_BODY '\'\'\'' ;
fragment OPEN_TRIPLE   : OPEN_TRIPLE_BODY ( '\'' '\''? )? ;
fragment OPEN_TRIPLE_BODY : '\'\'\'' ( ~'\'' | '\'' ~'\'' | '\'\'' ~'\'' )* ;

fragment SPACE         : SPACE_IN_LINE | '\n' ;
fragment SPACE_IN_LINE
  : [\u0009\u000B-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000] ;

// --- OPERATOR: one binary operator behind an operand --------------------------------------------------------

mode OPERATOR;

PLUS          : '+' ;
OP_MINUS      : '-' -> type(MINUS) ;
MULT          : '*' ;
DIV           : '/' ;
MOD           : '%' ;
EQUAL         : '==' ;
NOT_EQUAL     : '!=' ;
MATCH         : '=~' ;
NOT_MATCH     : '!~' ;
LESS          : '<' ;
LESS_EQUAL    : '<=' ;
GREATER       : '>' ;
GREATER_EQUAL : '>=' ;
ASSIGN        : '=' ;
OP_NOT        : '!' -> type(NOT) ;
OP_COMMENT    : ( '//' ~'\n'* ( '\n' SPACE_IN_LINE* '/' ~'\n'* )* ) -> type(COMMENT), channel(HIDDEN) ;
OP_WS         : SPACE+ -> skip ;

// --- REGEX_ONLY: the slash right after `=`, `=~` or `!~`; `//` is an empty regex here ------------------------

mode REGEX_ONLY;

ONLY_REGEX     : '/' REGEX_PART* '/' -> type(REGEX) ;
ONLY_BAD_REGEX : '/' REGEX_PART* '\\'* -> type(BAD_REGEX) ;
ONLY_WS        : SPACE+ -> skip ;

// --- DOTTED: Kapacitor 0.2 has one state, no `|` `@` `[` `]`, and regexes only in REGEX_ONLY -----------------

mode DOTTED;

D_AND     : 'AND' -> type(AND) ;
D_OR      : 'OR' -> type(OR) ;
D_TRUE    : 'TRUE' -> type(TRUE) ;
D_FALSE   : 'FALSE' -> type(FALSE) ;
D_VAR     : 'var' -> type(VAR) ;
D_LAMBDA  : 'lambda:' -> type(LAMBDA) ;
BAD_LAMBDA : 'lambda' ;
D_IDENT   : NAME -> type(IDENT) ;

D_NUMBER     : DIGIT+ ( '.' DIGIT* )? -> type(NUMBER) ;
D_BAD_NUMBER : DIGIT+ '.' DIGIT* '.' -> type(BAD_NUMBER) ;
D_DURATION   : DIGIT+ ( '.' DIGIT* )? UNIT -> type(DURATION) ;

D_STRING        : SINGLE_QUOTED -> type(STRING) ;
D_TRIPLE_STRING : TRIPLE_QUOTED -> type(TRIPLE_STRING) ;
D_BAD_STRING    : ( OPEN_SINGLE | OPEN_TRIPLE ) -> type(BAD_STRING) ;
D_REFERENCE     : DOUBLE_QUOTED -> type(REFERENCE) ;
D_BAD_REFERENCE : OPEN_DOUBLE -> type(BAD_REFERENCE) ;
D_COMMENT       : '//' ~'\n'* -> type(COMMENT), channel(HIDDEN) ;

D_PLUS          : '+' -> type(PLUS) ;
D_MINUS         : '-' -> type(MINUS) ;
D_MULT          : '*' -> type(MULT) ;
D_DIV           : '/' -> type(DIV) ;
D_MOD           : '%' -> type(MOD) ;
D_EQUAL         : '==' -> type(EQUAL) ;
D_NOT_EQUAL     : '!=' -> type(NOT_EQUAL) ;
D_MATCH         : '=~' -> type(MATCH) ;
D_NOT_MATCH     : '!~' -> type(NOT_MATCH) ;
D_LESS          : '<' -> type(LESS) ;
D_LESS_EQUAL    : '<=' -> type(LESS_EQUAL) ;
D_GREATER       : '>' -> type(GREATER) ;
D_GREATER_EQUAL : '>=' -> type(GREATER_EQUAL) ;
D_ASSIGN        : '=' -> type(ASSIGN) ;
D_NOT           : '!' -> type(NOT) ;
D_LPAREN        : '(' -> type(LPAREN) ;
D_RPAREN        : ')' -> type(RPAREN) ;
D_COMMA         : ',' -> type(COMMA) ;
D_DOT           : '.' -> type(DOT) ;
D_WS            : SPACE+ -> skip ;
D_UNKNOWN       : . -> type(UNKNOWN) ;
