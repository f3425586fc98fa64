/**
 * The typed expression IR: sealed records, pure data, comparable by value.
 *
 * <p>Imports the errors of {@code kernel}. What a node means is written at the node; {@code
 * interpret} and {@code compile} are two independent readings of it.
 */
@NullMarked
package io.arrowmill.codegen.ir;

import org.jspecify.annotations.NullMarked;
