// TickParser.g4 - the statements of TICKscript, both dialects (language.md 2.1 and 6.2).
//
// A program is a row of statements without separators. The loop over them is frontend/parse/parse.cpp: nothing
// here says what follows a statement, so every decision below needs one token (two at a comma), an operand
// takes all operators that follow it, and a mistake costs only its own statement.
//
// Binary expressions are flat lists; ast_builder.cpp applies precedence (grammar/operators.def) and, per
// dialect, associativity. An identifier starts a chain, a call or a binary expression: what comes next decides,
// and nothing else can start a chain.
parser grammar TickParser;

options { tokenVocab = TickLexer; }

statement : databaseDeclaration | variable | expression ;

databaseDeclaration : DBRP REFERENCE DOT REFERENCE ;

variable : VAR IDENT ( ASSIGN expression | IDENT ) ;   // the second form declares a type

expression
  : IDENT arguments? ( link+ | ( binaryOperator primary )+ )?
  | LAMBDA binary
  | list
  | operand ( binaryOperator primary )*
  ;

link
  : PIPE IDENT arguments
  | ( DOT | AT ) IDENT arguments?
  ;

arguments : LPAREN ( expression ( COMMA expression )* COMMA? )? RPAREN ;

list : LBRACKET ( item ( COMMA item )* COMMA? )? RBRACKET ;

item : IDENT | STRING | TRIPLE_STRING | STAR ;

binary : primary ( binaryOperator primary )* ;

primary
  : IDENT valueArguments?
  | operand
  ;

// Inside a binary expression a call takes only binary expressions.
valueArguments : LPAREN ( binary ( COMMA binary )* COMMA? )? RPAREN ;

operand
  : LPAREN binary RPAREN
  | ( MINUS | NOT ) primary
  | NUMBER
  | DURATION
  | STRING
  | TRIPLE_STRING
  | TRUE
  | FALSE
  | REGEX
  | STAR
  | REFERENCE
  ;

binaryOperator
  : OR | AND
  | EQUAL | NOT_EQUAL | MATCH | NOT_MATCH
  | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL
  | PLUS | MINUS | MULT | DIV | MOD
  ;

// A lambda's expression without `lambda:`, as template variables carry it.
lambdaBody : binary EOF ;

// --- Kapacitor 0.2: only `.` chains, lambdas only as arguments, operators only in lambdas and parentheses ---

dottedStatement
  : VAR IDENT ASSIGN dottedExpression
  | dottedExpression
  ;

dottedExpression
  : dottedCall ( DOT dottedCall )*
  | operand
  ;

dottedCall : IDENT dottedArguments? ;

dottedArguments : LPAREN ( dottedArgument ( COMMA dottedArgument )* COMMA? )? RPAREN ;

dottedArgument
  : dottedExpression
  | LAMBDA binary
  ;
