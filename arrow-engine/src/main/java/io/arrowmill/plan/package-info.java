/**
 * Expressions and logical plans as sealed records: pure data that could be sent to another engine.
 * Imports only {@code types} and the vocabulary of {@code io.arrowmill}.
 *
 * <p>Two lives: as built by the API or the SQL parser a plan holds <em>unresolved</em> nodes
 * (names, stars, function calls by name); {@code analysis} replaces each of them, after which every
 * expression knows its type.
 */
@NullMarked
package io.arrowmill.plan;

import org.jspecify.annotations.NullMarked;
