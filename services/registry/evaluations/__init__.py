"""Evaluation of offers (art. 15): formal by officials, on merit by evaluators who do not see each other's scores."""
