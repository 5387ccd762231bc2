"""What the records say about a whole school: figures that lead back to the records behind them."""
