"""XGBoost as data, against XGBoost."""
