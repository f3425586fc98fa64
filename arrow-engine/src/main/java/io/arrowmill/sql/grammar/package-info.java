/**
 * The lexer and parser that are generated from {@code SqlGrammar.g4}; for {@code io.arrowmill.sql}
 * alone.
 */
@NullUnmarked
package io.arrowmill.sql.grammar;

import org.jspecify.annotations.NullUnmarked;
