/**
 * A straightforward evaluator of the IR, one boxed value at a time: the reference that tests hold
 * the compiler against, and the interpreted mode.
 *
 * <p>Written independently of {@code runtime}'s arithmetic: on BigInteger, BigDecimal, String and
 * java.time. Imports {@code ir}, {@code kernel}, {@code memory}, and of {@code runtime} the wording
 * of errors and the call convention.
 */
@NullMarked
package io.arrowmill.codegen.interpret;

import org.jspecify.annotations.NullMarked;
