package io.arrowmill.codegen.ir;

/**
 * Where in the user's query a node comes from: errors name it.
 *
 * @param expressionText the expression as the user would write it, such as {@code (a + b)}
 */
public record Site(String expressionText) {}
