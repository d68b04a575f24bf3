"""What the law means for one case: verdict, next question, actions, and the words a paper may use."""
