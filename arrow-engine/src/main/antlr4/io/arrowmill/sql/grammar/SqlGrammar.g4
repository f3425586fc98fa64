// The SQL dialect: Spark's spelling, and the clauses of streaming queries.
//
// Reserved words are those that could otherwise continue an expression or follow an implicit alias; every other
// keyword is also an identifier (rule `word`).
grammar SqlGrammar;

options {
  caseInsensitive = true;
}

// ---- entry points -------------------------------------------------------------------------------

singleStatement : statement ';'* EOF ;

singleExpression : selectItem EOF ;

singleNamedExpressions : selectItem (',' selectItem)* EOF ;

// ---- statements ---------------------------------------------------------------------------------

statement
  : query                                                                        #queryStatement
  | EXPLAIN EXTENDED? query                                                      #explainStatement
  | SHOW TABLES                                                                  #showTables
  | (DESCRIBE | DESC) TABLE? qualifiedName                                       #describe
  | CREATE (OR REPLACE)? (TEMP | TEMPORARY) VIEW qualifiedName AS query          #createView
  | DROP VIEW (IF EXISTS)? qualifiedName                                         #dropView
  ;

query : ctes? queryPrimary union* orderBy? limit? ;

ctes : WITH cte (',' cte)* ;

cte : identifier AS? '(' query ')' ;

union : UNION (ALL | DISTINCT)? queryPrimary ;

queryPrimary
  : select                                                                       #selectQuery
  | values                                                                       #valuesQuery
  | TABLE qualifiedName                                                          #tableQuery
  | '(' query ')'                                                                #nestedQuery
  ;

select
  : SELECT (DISTINCT | ALL)? selectItem (',' selectItem)*
    (FROM relation (',' relation)* lateralView*)?
    (WHERE where=expression)?
    groupBy?
    (HAVING having=expression)?
    (WINDOW namedWindow (',' namedWindow)*)?
  ;

namedWindow : identifier AS windowSpec ;

selectItem
  : expression (AS? (identifier | '(' columns+=identifier (',' columns+=identifier)* ')'))?
  ;

groupBy
  : GROUP BY groupingElement (',' groupingElement)* (WITH with=(ROLLUP | CUBE))?
    (GROUPING SETS '(' sets+=groupingSet (',' sets+=groupingSet)* ')')?
  ;

groupingElement : groupingAnalytic | expression ;

groupingAnalytic
  : (ROLLUP | CUBE) '(' groupingSet (',' groupingSet)* ')'
  | GROUPING SETS '(' groupingSetsItem (',' groupingSetsItem)* ')'
  ;

groupingSetsItem : groupingAnalytic | groupingSet ;

groupingSet : '(' (expression (',' expression)*)? ')' | expression ;

orderBy : ORDER BY sortItem (',' sortItem)* ;

sortItem : expression direction=(ASC | DESC)? (NULLS nulls=(FIRST | LAST))? ;

limit : LIMIT (ALL | INTEGER_VALUE) ;

values : VALUES expression (',' expression)* ;

// ---- relations ----------------------------------------------------------------------------------

relation : relationPrimary join* ;

join
  : CROSS JOIN relationPrimary                                                   #crossJoin
  | NATURAL joinKind? JOIN relationPrimary                                       #naturalJoin
  | joinKind? JOIN relationPrimary joinCriteria?                                 #kindJoin
  ;

joinKind
  : INNER
  | LEFT OUTER?
  | RIGHT OUTER?
  | FULL OUTER?
  | LEFT? SEMI
  | LEFT? ANTI
  ;

joinCriteria
  : ON expression                                                                #joinOn
  | USING '(' identifier (',' identifier)* ')'                                   #joinUsing
  ;

relationPrimary
  : STREAM '(' qualifiedName ')' watermark? tableAlias?                          #streamTable
  | STREAM qualifiedName watermark? tableAlias?                                  #streamTable
  | values tableAlias?                                                           #inlineTable
  | qualifiedName '(' (expression (',' expression)*)? ')' tableAlias?            #tableFunction
  | qualifiedName watermark? tableAlias?                                         #namedTable
  | '(' query ')' watermark? tableAlias?                                         #subquery
  | '(' relation ')'                                                             #nestedRelation
  ;

tableAlias : AS? identifier ('(' identifier (',' identifier)* ')')? ;

watermark : WATERMARK expression DELAY OF interval ;

lateralView
  : LATERAL VIEW OUTER? functionCall (alias=identifier)?
    (AS columns+=identifier (',' columns+=identifier)*)?
  ;

// ---- expressions, loosest binding first ---------------------------------------------------------

expression
  : valueExpression predicate?                                                   #predicated
  | (NOT | '!') expression                                                       #not
  | expression AND expression                                                    #and
  | expression OR expression                                                     #or
  ;

predicate
  : NOT? BETWEEN lower=valueExpression AND upper=valueExpression                 #between
  | NOT? IN '(' expression (',' expression)* ')'                                 #inList
  | NOT? (LIKE | ILIKE) pattern=valueExpression (ESCAPE escape=STRING)?          #like
  | NOT? (RLIKE | REGEXP) pattern=valueExpression                                #rlike
  | IS NOT? NULL                                                                 #isNull
  | IS NOT? (TRUE | FALSE | UNKNOWN)                                             #isTruth
  | IS NOT? DISTINCT FROM right=valueExpression                                  #isDistinct
  ;

valueExpression
  : primary                                                                      #primaryValue
  | operator=('-' | '+' | '~') valueExpression                                   #unary
  | valueExpression operator=('*' | '/' | '%' | DIV) valueExpression             #binary
  | valueExpression operator=('+' | '-' | '||') valueExpression                  #binary
  | valueExpression shift valueExpression                                        #shifted
  | valueExpression operator='&' valueExpression                                 #binary
  | valueExpression operator='^' valueExpression                                 #binary
  | valueExpression operator='|' valueExpression                                 #binary
  | valueExpression operator=('=' | '==' | '<=>' | '<>' | '!=' | '<' | '<=' | '>' | '>=')
      valueExpression                                                            #binary
  ;

// Apart, because '>>' also closes two nested types.
shift : '<<' | '>' '>' '>' | '>' '>' ;

primary
  : literal                                                                      #literalValue
  | CASE whenClause+ (ELSE otherwise=expression)? END                            #searchedCase
  | CASE operand=expression whenClause+ (ELSE otherwise=expression)? END         #simpleCase
  | (CAST | TRY_CAST) '(' expression AS dataType ')'                             #cast
  | EXTRACT '(' field=identifier FROM valueExpression ')'                        #extract
  | POSITION '(' part=valueExpression IN whole=valueExpression ')'               #position
  | (SUBSTRING | SUBSTR) '(' valueExpression FROM start=valueExpression
      (FOR count=valueExpression)? ')'                                           #substring
  | TRIM '(' side=(BOTH | LEADING | TRAILING)? characters=valueExpression? FROM
      source=valueExpression ')'                                                 #trim
  | functionCall                                                                 #call
  | '*'                                                                          #star
  | qualifiedName '.' '*'                                                        #qualifiedStar
  | identifier                                                                   #columnReference
  | '(' expression (',' expression)* ')'                                         #parenthesized
  | primary '.' fieldName                                                        #dereference
  | primary '[' valueExpression ']'                                              #subscript
  | primary '::' dataType                                                        #castOperator
  ;

functionCall
  : functionName '(' ((DISTINCT | ALL)? arguments+=expression (',' arguments+=expression)*)? ')'
    (nulls=(IGNORE | RESPECT) NULLS)?
    (FILTER '(' WHERE filter=expression ')')?
    (OVER windowSpec)?
  ;

windowSpec
  : reference=identifier
  | '(' reference=identifier ')'
  | '(' ((PARTITION | DISTRIBUTE) BY partitions+=expression (',' partitions+=expression)*)?
      ((ORDER | SORT) BY sortItem (',' sortItem)*)? windowFrame? ')'
  ;

windowFrame
  : (ROWS | RANGE) lower=frameBound
  | (ROWS | RANGE) BETWEEN lower=frameBound AND upper=frameBound
  ;

frameBound
  : UNBOUNDED (PRECEDING | FOLLOWING)
  | CURRENT ROW
  | valueExpression (PRECEDING | FOLLOWING)
  ;

functionName : identifier | LEFT | RIGHT | LIKE | ILIKE | RLIKE | REGEXP ;

whenClause : WHEN condition=expression THEN result=expression ;

literal
  : NULL                                                                         #nullLiteral
  | TRUE                                                                         #trueLiteral
  | FALSE                                                                        #falseLiteral
  | number                                                                       #numberLiteral
  | STRING+                                                                      #stringLiteral
  | BINARY_STRING                                                                #binaryLiteral
  | kind=(DATE | TIMESTAMP | TIMESTAMP_NTZ | TIMESTAMP_LTZ) STRING               #timeLiteral
  | interval                                                                     #intervalLiteral
  ;

number
  : INTEGER_VALUE
  | BIGINT_VALUE
  | SMALLINT_VALUE
  | TINYINT_VALUE
  | DECIMAL_VALUE
  | BIGDECIMAL_VALUE
  | EXPONENT_VALUE
  | DOUBLE_VALUE
  | FLOAT_VALUE
  ;

interval
  : INTERVAL sign='-'? STRING from=intervalUnit TO to=intervalUnit               #rangeInterval
  | INTERVAL intervalPart+                                                       #unitsInterval
  | INTERVAL STRING                                                              #textInterval
  ;

intervalPart : sign='-'? (INTEGER_VALUE | DECIMAL_VALUE | STRING) intervalUnit ;

intervalUnit : IDENTIFIER ;

dataType
  : identifier ('(' INTEGER_VALUE (',' INTEGER_VALUE)? ')')?                     #simpleType
  | identifier '<' dataType (',' dataType)* '>'                                  #nestedType
  | identifier '<' structField (',' structField)* '>'                            #structType
  | INTERVAL intervalUnit (TO intervalUnit)?                                     #intervalType
  ;

structField : identifier ':'? dataType (NOT NULL)? ;

// ---- names --------------------------------------------------------------------------------------

qualifiedName : identifier ('.' fieldName)* ;

identifier : IDENTIFIER | BACKQUOTED | word ;

// After a dot any word is a name.
fieldName : identifier | reserved ;

word
  : ALL | AS | ASC | BOTH | BY | CREATE | CUBE | CURRENT | DATE | DELAY | DESC | DESCRIBE | DISTRIBUTE | DIV | DROP | END
  | ESCAPE | EXISTS | EXPLAIN | EXTENDED | EXTRACT | FILTER | FIRST | FOLLOWING | FOR | GROUPING | IF | IGNORE | INTERVAL
  | LAST | LATERAL | LEADING | NULLS | OF | OUTER | OVER | PARTITION | POSITION | PRECEDING | RANGE | REPLACE | RESPECT
  | ROLLUP | ROW | ROWS | SETS | SHOW | SORT | STREAM | SUBSTR | SUBSTRING | TABLE | TABLES | TEMP | TEMPORARY | TIMESTAMP
  | TIMESTAMP_LTZ | TIMESTAMP_NTZ | TO | TRAILING | TRIM | UNBOUNDED | UNKNOWN | VALUES | VIEW | WATERMARK | WINDOW
  ;

reserved
  : AND | ANTI | BETWEEN | CASE | CAST | CROSS | DISTINCT | ELSE | FALSE | FROM | FULL | GROUP | HAVING
  | ILIKE | IN | INNER | IS | JOIN | LEFT | LIKE | LIMIT | NATURAL | NOT | NULL | ON | OR | ORDER | REGEXP | RIGHT
  | RLIKE | SELECT | SEMI | THEN | TRUE | TRY_CAST | UNION | USING | WHEN | WHERE | WITH
  ;

// ---- keywords ----------------------------------------------------------------------------------

ALL : 'ALL' ;
AND : 'AND' ;
ANTI : 'ANTI' ;
AS : 'AS' ;
ASC : 'ASC' ;
BETWEEN : 'BETWEEN' ;
BOTH : 'BOTH' ;
BY : 'BY' ;
CASE : 'CASE' ;
CAST : 'CAST' ;
CREATE : 'CREATE' ;
CROSS : 'CROSS' ;
CUBE : 'CUBE' ;
CURRENT : 'CURRENT' ;
DATE : 'DATE' ;
DELAY : 'DELAY' ;
DESC : 'DESC' ;
DESCRIBE : 'DESCRIBE' ;
DISTINCT : 'DISTINCT' ;
DISTRIBUTE : 'DISTRIBUTE' ;
DIV : 'DIV' ;
DROP : 'DROP' ;
ELSE : 'ELSE' ;
END : 'END' ;
ESCAPE : 'ESCAPE' ;
EXISTS : 'EXISTS' ;
EXPLAIN : 'EXPLAIN' ;
EXTENDED : 'EXTENDED' ;
EXTRACT : 'EXTRACT' ;
FALSE : 'FALSE' ;
FILTER : 'FILTER' ;
FIRST : 'FIRST' ;
FOLLOWING : 'FOLLOWING' ;
FOR : 'FOR' ;
FROM : 'FROM' ;
FULL : 'FULL' ;
GROUP : 'GROUP' ;
GROUPING : 'GROUPING' ;
HAVING : 'HAVING' ;
IF : 'IF' ;
IGNORE : 'IGNORE' ;
ILIKE : 'ILIKE' ;
IN : 'IN' ;
INNER : 'INNER' ;
INTERVAL : 'INTERVAL' ;
IS : 'IS' ;
JOIN : 'JOIN' ;
LAST : 'LAST' ;
LATERAL : 'LATERAL' ;
LEADING : 'LEADING' ;
LEFT : 'LEFT' ;
LIKE : 'LIKE' ;
LIMIT : 'LIMIT' ;
NATURAL : 'NATURAL' ;
NOT : 'NOT' ;
NULL : 'NULL' ;
NULLS : 'NULLS' ;
OF : 'OF' ;
ON : 'ON' ;
OR : 'OR' ;
ORDER : 'ORDER' ;
OUTER : 'OUTER' ;
OVER : 'OVER' ;
PARTITION : 'PARTITION' ;
POSITION : 'POSITION' ;
PRECEDING : 'PRECEDING' ;
RANGE : 'RANGE' ;
REGEXP : 'REGEXP' ;
REPLACE : 'REPLACE' ;
RESPECT : 'RESPECT' ;
RIGHT : 'RIGHT' ;
RLIKE : 'RLIKE' ;
ROLLUP : 'ROLLUP' ;
ROW : 'ROW' ;
ROWS : 'ROWS' ;
SELECT : 'SELECT' ;
SEMI : 'SEMI' ;
SETS : 'SETS' ;
SHOW : 'SHOW' ;
SORT : 'SORT' ;
STREAM : 'STREAM' ;
SUBSTR : 'SUBSTR' ;
SUBSTRING : 'SUBSTRING' ;
TABLE : 'TABLE' ;
TABLES : 'TABLES' ;
TEMP : 'TEMP' ;
TEMPORARY : 'TEMPORARY' ;
THEN : 'THEN' ;
TIMESTAMP : 'TIMESTAMP' ;
TIMESTAMP_LTZ : 'TIMESTAMP_LTZ' ;
TIMESTAMP_NTZ : 'TIMESTAMP_NTZ' ;
TO : 'TO' ;
TRAILING : 'TRAILING' ;
TRIM : 'TRIM' ;
TRUE : 'TRUE' ;
TRY_CAST : 'TRY_CAST' ;
UNBOUNDED : 'UNBOUNDED' ;
UNION : 'UNION' ;
UNKNOWN : 'UNKNOWN' ;
USING : 'USING' ;
VALUES : 'VALUES' ;
VIEW : 'VIEW' ;
WATERMARK : 'WATERMARK' ;
WHEN : 'WHEN' ;
WHERE : 'WHERE' ;
WINDOW : 'WINDOW' ;
WITH : 'WITH' ;

// ---- tokens -------------------------------------------------------------------------------------

STRING
  : '\'' (~['\\] | '\\' . | '\'\'')* '\''
  | '"' (~["\\] | '\\' . | '""')* '"'
  | 'R\'' ~[']* '\''
  | 'R"' ~["]* '"'
  ;

BINARY_STRING : 'X\'' [0-9A-F]* '\'' ;

INTEGER_VALUE : DIGIT+ ;
BIGINT_VALUE : DIGIT+ 'L' ;
SMALLINT_VALUE : DIGIT+ 'S' ;
TINYINT_VALUE : DIGIT+ 'Y' ;
DECIMAL_VALUE : POINTED ;
BIGDECIMAL_VALUE : (DIGIT+ | POINTED) EXPONENT? 'BD' ;
EXPONENT_VALUE : (DIGIT+ | POINTED) EXPONENT ;
DOUBLE_VALUE : (DIGIT+ | POINTED) EXPONENT? 'D' ;
FLOAT_VALUE : (DIGIT+ | POINTED) EXPONENT? 'F' ;

IDENTIFIER : LETTER (LETTER | DIGIT)* ;

BACKQUOTED : '`' (~'`' | '``')* '`' ;

fragment DIGIT : [0-9] ;
fragment LETTER : [A-Z_] | '\u0080'..'\u{10FFFF}' ;
fragment POINTED : DIGIT+ '.' DIGIT* | '.' DIGIT+ ;
fragment EXPONENT : 'E' [+-]? DIGIT+ ;

LINE_COMMENT : '--' ~[\r\n]* -> channel(HIDDEN) ;

BLOCK_COMMENT : '/*' (BLOCK_COMMENT | .)*? '*/' -> channel(HIDDEN) ;

SPACE : [ \t\r\n\u00A0\u3000]+ -> channel(HIDDEN) ;

// What no other rule takes, so that the parser, not the lexer, says where the text went wrong.
UNRECOGNIZED : . ;
