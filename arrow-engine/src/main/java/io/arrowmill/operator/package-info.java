/**
 * Physical plans and operators. A {@link io.arrowmill.operator.PhysicalPlan} is immutable data and
 * says what to do; {@link io.arrowmill.operator.PlanRunner} makes task-confined {@link
 * io.arrowmill.operator.Operator}s of it and pushes batches through them. Imports {@code state},
 * {@code kernel}, {@code batch}, {@code connector}, {@code plan}, {@code types}.
 */
@NullMarked
package io.arrowmill.operator;

import org.jspecify.annotations.NullMarked;
