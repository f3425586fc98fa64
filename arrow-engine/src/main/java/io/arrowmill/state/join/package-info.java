/**
 * The rows that a join of two streams keeps, so that rows still to come can meet them.
 *
 * <p>May import {@code batch}, {@code types}, {@code kernel} and the tables of the codegen module.
 */
@NullMarked
package io.arrowmill.state.join;

import org.jspecify.annotations.NullMarked;
