/*
 * The filter language of RFC 7644 section 3.4.2.2 and the PATCH paths of section 3.5.2.
 *
 * LL(1): every choice is made on the next token alone. An attribute path (URN prefix, name, one
 * sub-attribute) is one token, and so is an operator; or, and, not are layered, so that precedence
 * is in the rules.
 *
 * The lexer never fails: a run of characters between blanks, quotation marks and brackets is always
 * exactly one token, and ILLEGAL takes the rest. scim/filter/parsing/tokens.py cuts text by the same rule;
 * a property test keeps the two together.
 *
 * `make grammar` writes the parser to layers/scim/scim/filter/parsing/_generated.
 */
grammar ScimFilter;

options { caseInsensitive = true; contextSuperClass = RuleContext; }

// The tree is made as the rules end (scim/filter/parsing/antlr.py), so that a context holds nothing.
@parser::header {from scim.filter.parsing.rule_context import RuleContext}

// Entry rules: each one reads the whole text.

filterText
    : disjunction EOF
    ;

patchPath
    : PATH (LBRACKET valueDisjunction RBRACKET SUB_ATTRIBUTE?)? EOF
    | URI EOF
    ;

// Filters over a resource.

disjunction
    : conjunction (OR conjunction)*
    ;

conjunction
    : term (AND term)*
    ;

term
    : group
    | attributeTerm
    ;

// `not` needs its parentheses: RFC 7644 section 3.4.2.2 has no other form.
group
    : NOT? LPAREN disjunction RPAREN
    ;

attributeTerm
    : PATH (condition | valueFilter)
    ;

// The tail `.value eq "x"` is not in the RFC; Microsoft Entra ID sends it.
valueFilter
    : LBRACKET valueDisjunction RBRACKET (SUB_ATTRIBUTE condition)?
    ;

condition
    : PR
    | OPERATOR literal
    ;

// Filters over the values of one attribute: the same, without a value filter inside a value filter.

valueDisjunction
    : valueConjunction (OR valueConjunction)*
    ;

valueConjunction
    : valueTerm (AND valueTerm)*
    ;

valueTerm
    : valueGroup
    | valueAttributeTerm
    ;

valueGroup
    : NOT? LPAREN valueDisjunction RPAREN
    ;

valueAttributeTerm
    : PATH condition
    ;

// The last five are words without quotation marks, or with the wrong ones, read as strings: not in
// the RFC, but clients send them. A STRING can have a backslash that begins no escape of JSON; whoever
// reads its value (tokens.py) says whether it has.
literal
    : STRING
    | NUMBER
    | TRUE
    | FALSE
    | NULL
    | PATH
    | URI
    | SUB_ATTRIBUTE
    | QUOTED
    | WORD
    ;

AND      : 'and' ;
OR       : 'or' ;
NOT      : 'not' ;
PR       : 'pr' ;
OPERATOR : 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le' ;
TRUE     : 'true' ;
FALSE    : 'false' ;
NULL     : 'null' ;
NUMBER   : '-'? INTEGER ('.' [0-9]+)? ('e' [+-]? [0-9]+)? ;

PATH          : (SCHEME ':' URI_CHARACTER+ ':')? NAME SUB_ATTRIBUTE? ;
SUB_ATTRIBUTE : '.' NAME ;
URI           : SCHEME ':' URI_CHARACTER* URI_END ;
STRING        : '"' (~["\\\u0000-\u001F] | '\\' ~[\u0000-\u001F])* '"' ;
QUOTED        : '\'' ~['\u0000-\u001F\u007F]* '\'' ;
WORD          : ~[ "()[\]\u0000-\u001F\u007F]+ ;
LPAREN        : '(' ;
RPAREN        : ')' ;
LBRACKET      : '[' ;
RBRACKET      : ']' ;
BLANK         : [ \t]+ -> skip ;
ILLEGAL       : . ;

// RFC 7643 section 2.1, and `$` in front for `$ref`.
fragment NAME          : '$'? [a-z] [a-z0-9_$-]* ;
fragment SCHEME        : [a-z] [a-z0-9+.-]* ;
fragment URI_CHARACTER : URI_END | ':' ;
fragment URI_END       : [a-z0-9._~/?#@!$&'*+,;=%-] ;
fragment INTEGER       : '0' | [1-9] [0-9]* ;
